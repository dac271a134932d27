package io.faultline.kernellog.internal;

import java.util.Arrays;

/**
 * A journal with a field a line: {@code NAME=value}, {@code "name" : value,}, or a name and then a
 * length and as many bytes. Other lines are read as text.
 *
 * <p><b>Threads.</b> One.
 */
final class FieldsForm extends TextForm {
    private static final String MESSAGE = "MESSAGE";

    private final JournalEntry entry = new JournalEntry();
    private final Cursor cursor = new Cursor();

    /** What is still to be taken of a length's bytes or of the field's; 0 if lines go on. */
    private long bytesLeft;

    private int lengthBytesLeft;
    private long lengthSoFar;
    private boolean messageFollows;
    private byte[] message = {};
    private int messageLength;

    FieldsForm(LogKind kind, byte[] bytes, Delivery delivery, long number) {
        super(kind, bytes, delivery, number);
    }

    @Override
    boolean looksAtEveryLine() {
        return true;
    }

    @Override
    void line(int from, int to, long owners, boolean cut) {
        cursor.on(bytes, from, to);
        cursor.blanks();
        if (kind() == LogKind.JSON_FIELDS ? json(to, owners, cut) : field(to, owners, cut)) {
            return;
        }
        boolean isFrame = cursor.atEnd() || isFrame(from, to);
        handOver();
        if (!isFrame) {
            super.line(from, to, owners, cut);
        }
    }

    /** Whether a line only says that an entry begins or ends. */
    private boolean isFrame(int from, int to) {
        return kind() == LogKind.JSON_FIELDS
                ? isOnlyBrackets(to)
                : LogKind.of(bytes, from, to) == LogKind.FIELDS;
    }

    /** A line of text may begin with a bracket, too. */
    private boolean isOnlyBrackets(int to) {
        for (int at = cursor.at(); at < to; at++) {
            if ("{}[], \t\r".indexOf(bytes[at]) < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean json(int to, long owners, boolean cut) {
        if (cursor.peek() != '"' || JsonText.keyAt(bytes, cursor.at(), to) == null) {
            return false;
        }
        new JsonText(bytes, cursor.at(), to).read(entry, message -> message(message, owners, cut));
        return true;
    }

    private boolean field(int to, long owners, boolean cut) {
        int start = cursor.at();
        String name = JournalEntry.fieldName(cursor);
        if (name == null) {
            return !cut && bytesFollow(start, to);
        }
        byte[] value = Arrays.copyOfRange(bytes, cursor.at(), to);
        if (JournalEntry.isMessage(name)) {
            message(value, owners, cut);
        } else {
            if (name.equals("__CURSOR")) {
                handOver();
            }
            entry.put(name, value);
        }
        return true;
    }

    private void message(byte[] text, long owners, boolean cut) {
        boolean kept = owners != 0 || delivery.wantsNext();
        entry.message(kept ? text : null, owners, number(), cut);
    }

    /** A name alone on its line: the value's length follows as 8 bytes, then the value. */
    private boolean bytesFollow(int start, int to) {
        int end = start;
        while (end < to && JournalEntry.isNameByte(bytes[end])) {
            end++;
        }
        if (!entry.isOpen() || end == start || end < to) {
            return false;
        }
        messageFollows = Cursor.isAt(bytes, start, to, MESSAGE) && to - start == MESSAGE.length();
        lengthBytesLeft = Long.BYTES;
        lengthSoFar = 0;
        messageLength = 0;
        return true;
    }

    @Override
    boolean wantsBytes() {
        return lengthBytesLeft > 0 || bytesLeft > 0;
    }

    @Override
    int take(int from, int to) {
        int at = from;
        while (at < to && lengthBytesLeft > 0) {
            lengthBytesLeft--;
            lengthSoFar = (lengthSoFar >>> 8) | ((long) bytes[at++] << 56);
            if (lengthBytesLeft == 0 && lengthSoFar >= 0 && lengthSoFar < Long.MAX_VALUE) {
                bytesLeft = lengthSoFar + 1; // a newline ends the field
            }
        }
        int take = (int) Math.min(to - at, bytesLeft);
        if (take > 0) {
            bytesLeft -= take;
            keep(at, take);
            at += take;
        }
        for (int i = from; i < at; i++) {
            passed(bytes[i]);
        }
        if (!wantsBytes() && messageFollows) {
            messageFollows = false;
            byte[] text = Arrays.copyOf(message, messageLength);
            message(text, delivery.ownersIn(text, 0, text.length), false);
        }
        return at;
    }

    private void keep(int at, int take) {
        if (messageFollows) {
            int room = Math.min(take, ScannedLog.LINE_LIMIT - messageLength);
            message = Arrays.copyOf(message, Math.max(message.length, messageLength + room));
            System.arraycopy(bytes, at, message, messageLength, room);
            messageLength += room;
        }
    }

    /** Of fields that are too long only a message counts; what is no field is text. */
    @Override
    void readCut(int from, int to) {
        cursor.on(bytes, from, to);
        cursor.blanks();
        String name =
                kind() == LogKind.JSON_FIELDS
                        ? JsonText.keyAt(bytes, cursor.at(), to)
                        : JournalEntry.fieldName(cursor);
        if (name == null || JournalEntry.isMessage(name)) {
            super.readCut(from, to);
        }
    }

    private void handOver() {
        super.flush();
        entry.deliver(delivery);
    }

    @Override
    void flush() {
        handOver();
    }
}
