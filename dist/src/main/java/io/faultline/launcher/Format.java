package io.faultline.launcher;

import java.util.Locale;

/** What {@code decode} writes. */
enum Format {
    /** A row for each thing found, and a summary at the end. */
    TABLE,
    /** A line of JSON for each thing found. */
    JSON,
    /** What each device did. */
    SUMMARY;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
