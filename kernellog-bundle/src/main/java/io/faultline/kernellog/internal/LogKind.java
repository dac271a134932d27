package io.faultline.kernellog.internal;

/** The forms in which a log is stored, told apart by a line of it. */
enum LogKind {
    /** Lines with the message at their end. */
    TEXT(Spelling.PLAIN),
    /** Records of {@code /dev/kmsg}. */
    KMSG(Spelling.KMSG),
    /** {@code journalctl -o json}: an object a line. */
    JSON(Spelling.JSON),
    /** {@code journalctl -o export} and {@code verbose}: a field a line. */
    FIELDS(Spelling.PLAIN),
    /** {@code journalctl -o json-pretty} and {@code dmesg --json}: a field a line. */
    JSON_FIELDS(Spelling.JSON);

    /** Where a verbose entry's cursor is, behind its date. */
    private static final int CURSOR_WITHIN = 64;

    private final Spelling spelling;

    LogKind(Spelling spelling) {
        this.spelling = spelling;
    }

    Spelling spelling() {
        return spelling;
    }

    /** Makes what reads this form. */
    TextForm form(byte[] bytes, Delivery delivery, long number) {
        return switch (this) {
            case TEXT, JSON -> new TextForm(this, bytes, delivery, number);
            case KMSG -> new KmsgForm(bytes, delivery, number);
            case FIELDS, JSON_FIELDS -> new FieldsForm(this, bytes, delivery, number);
        };
    }

    /** The form that a line is typical of; {@link #TEXT} if of none. */
    static LogKind of(byte[] line, int from, int to) {
        Cursor cursor = new Cursor();
        cursor.on(line, from, to);
        if (Cursor.isDigit(cursor.peek()) && KmsgHead.read(cursor) != null) {
            return KMSG;
        }
        cursor.to(from);
        boolean blanks = cursor.blanks();
        int start = JsonText.objectAt(line, cursor.at(), to);
        if (start >= 0) {
            return json(cursor, start);
        }
        if (cursor.peek() == '"') {
            return JournalEntry.isKey(JsonText.keyAt(line, cursor.at(), to)) ? JSON_FIELDS : TEXT;
        }
        boolean field = isField(cursor) || (!blanks && isVerboseHead(cursor));
        return field ? FIELDS : TEXT;
    }

    private static LogKind json(Cursor cursor, int object) {
        cursor.to(object + 1);
        cursor.blanks();
        if (cursor.atEnd() || cursor.peek() == '\r') {
            return JSON_FIELDS;
        }
        return JournalEntry.isJournalJson(cursor) ? JSON : TEXT;
    }

    private static boolean isField(Cursor cursor) {
        return (cursor.peek() == '_' && JournalEntry.fieldName(cursor) != null)
                || cursor.accept("MESSAGE=");
    }

    private static boolean isVerboseHead(Cursor cursor) {
        int open = cursor.find('[', CURSOR_WITHIN);
        return open >= 0 && Cursor.isAt(cursor.bytes(), open, cursor.end(), "[s=");
    }
}
