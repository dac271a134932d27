package io.faultline.driverlogs.internal;

import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One form of line, a row of {@link Forms}: what it is found by, the values in it, and what they
 * mean. Each value is looked for by its own name, so one that is missing or illegible takes no
 * other with it.
 *
 * <p>A text that only mentions such a line must give nothing. So a line counts if all is there that
 * the form always has, or more than one value, or if it ends behind what was read (it was cut), or
 * if the driver is named before it.
 */
final class Form {
    /** What a line of this form is. */
    enum Role {
        FAULT,
        /** It belongs to a neighbouring fault. */
        DETAIL,
        /** It is about faults, and counts none. */
        STATUS
    }

    /** What the values mean, beyond what each says by itself. */
    @FunctionalInterface
    interface Meaning {
        /**
         * Adds to what is told.
         *
         * @param at where the marker begins
         * @return false if it is no line of this form after all
         */
        boolean add(String text, int at, Values values, Told told);
    }

    private final Role role;
    private final String arch;
    private final String marker;
    private final List<Field> fields = new ArrayList<>();
    private String driver = "";
    private Meaning meaning = (text, at, values, told) -> true;

    private Form(Role role, String arch, String marker) {
        this.role = role;
        this.arch = arch;
        this.marker = marker;
    }

    static Form fault(String arch, String marker) {
        return new Form(Role.FAULT, arch, marker);
    }

    static Form detail(String arch, String marker) {
        return new Form(Role.DETAIL, arch, marker);
    }

    static Form status(String arch, String marker) {
        return new Form(Role.STATUS, arch, marker);
    }

    /** What stands before it if the driver's or the device's name is there, in lower case. */
    Form driver(String word) {
        driver = word;
        return this;
    }

    /** A value that every such line has. */
    Form with(Field.Kind kind, String key, String name) {
        fields.add(new Field(kind, key, name, true));
        return this;
    }

    /** A value that some kernels print. */
    Form perhaps(Field.Kind kind, String key, String name) {
        fields.add(new Field(kind, key, name, false));
        return this;
    }

    Form meaning(Meaning ofTheValues) {
        meaning = ofTheValues;
        return this;
    }

    /**
     * Reads a line.
     *
     * @return whether it is one of this form, and was reported
     */
    boolean read(LogLine line, LineSink out) {
        String text = line.text();
        int at = text.indexOf(marker);
        if (at < 0) {
            return false;
        }
        Told told = new Told(arch).unit(Text.speakerName(text, at));
        if (!readValues(text, at, told)) {
            return false;
        }
        switch (role) {
            case FAULT -> told.fault(line, out);
            case DETAIL -> told.detail(line, out);
            case STATUS -> told.status(line, out);
        }
        return true;
    }

    private boolean readValues(String text, int at, Told told) {
        Values values = new Values();
        int end = at + marker.length();
        int read = 0;
        boolean whole = true;
        for (Field field : fields) {
            int valueEnd = field.read(text, at, values, told);
            whole &= valueEnd >= 0 || !field.required();
            read += valueEnd >= 0 ? 1 : 0;
            end = Math.max(end, valueEnd);
        }
        boolean cut = text.substring(end).isBlank();
        boolean credible =
                whole || read > 1 || (cut && read > 0) || isDriverBefore(text, at, read, cut);
        if (!credible) {
            return false;
        }
        if (!whole) {
            told.truncated();
        }
        return meaning.add(text, at, values, told);
    }

    /** Nothing legible is enough only if the line ends right there. */
    private boolean isDriverBefore(String text, int at, int read, boolean cut) {
        return (read > 0 || cut)
                && !driver.isEmpty()
                && text.substring(0, at).toLowerCase(Locale.ROOT).contains(driver);
    }
}
