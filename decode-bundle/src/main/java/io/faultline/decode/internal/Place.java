package io.faultline.decode.internal;

import io.faultline.fault.TimeBase;

/**
 * Where something was found.
 *
 * @param file the input's name, where several were given, else null
 * @param isLine whether {@code number} counts lines of a log, not records
 * @param number from 1
 * @param time nanoseconds since what {@code timeBase} names
 * @param timeBase what the time counts from
 * @param text the line itself, or null
 */
record Place(String file, boolean isLine, long number, long time, TimeBase timeBase, String text) {
    /** The place of a record of a dump. */
    static Place ofRecord(String file, long number) {
        return new Place(file, false, number, 0, TimeBase.NONE, null);
    }

    boolean hasTime() {
        return timeBase != TimeBase.NONE;
    }

    void describe(Keys keys) {
        if (file != null) {
            keys.text("file", file);
        }
        keys.number(isLine ? "line" : "record", number);
    }

    /** Time comes late in a line of JSON: where and what are read first. */
    void describeTime(Keys keys) {
        if (hasTime()) {
            keys.seconds("time", time);
            keys.text("time_base", timeBase.word());
        }
    }
}
