package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.faultline.fault.TimeBase;
import io.faultline.log.LogLine;

/**
 * One entry of a journal, or one message of {@code dmesg --json}, gathered field by field. Fields
 * that say nothing about a kernel message are passed over.
 *
 * <p><b>Threads.</b> One.
 */
final class JournalEntry {
    private static final long NANOS_PER_MICRO = 1000;
    private static final int KERNEL_FACILITY_END = 8;

    private final WallClock clock;
    private final Cursor cursor = new Cursor();

    private byte[] message;
    private long owners;
    private long number;
    private boolean cut;
    private String device;
    private boolean verified;
    private TimeBase base;
    private long time;
    private int timeRank;
    private boolean any;

    JournalEntry() {
        clock = new WallClock(cursor);
        clear();
    }

    /** Begins a new entry. */
    void clear() {
        message = null;
        owners = 0;
        number = 0;
        cut = false;
        device = null;
        verified = true;
        base = TimeBase.NONE;
        time = 0;
        timeRank = 0;
        any = false;
    }

    /** Whether something of this entry was seen. */
    boolean isOpen() {
        return any;
    }

    /** Whether a name in JSON is one of those that only a kernel log has. */
    static boolean isKey(String name) {
        return name != null && (isMessage(name) || name.startsWith("__"));
    }

    /** Whether a field is the message: of a journal, or of {@code dmesg --json}. */
    static boolean isMessage(String name) {
        return name.equals("MESSAGE") || name.equals("msg");
    }

    /** Whether an object that goes on here is a journal entry: its first names tell. */
    static boolean isJournalJson(Cursor cursor) {
        String name = JsonText.keyAt(cursor.bytes(), cursor.at(), cursor.end());
        return name != null && (name.equals("MESSAGE") || isJournalName(name));
    }

    private static boolean isJournalName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > '_' || !isNameByte((byte) c)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Moves over {@code NAME=} and gives the name; null, and no move, if there is none. */
    static String fieldName(Cursor cursor) {
        int start = cursor.at();
        int end = start;
        byte[] bytes = cursor.bytes();
        while (end < cursor.end() && isNameByte(bytes[end])) {
            end++;
        }
        if (end == start || end == cursor.end() || bytes[end] != '=') {
            return null;
        }
        cursor.to(end + 1);
        return new String(bytes, start, end - start, ISO_8859_1);
    }

    static boolean isNameByte(byte b) {
        return (b >= 'A' && b <= 'Z') || b == '_' || Cursor.isDigit(b);
    }

    /**
     * Takes the message.
     *
     * @param text null if it was not worth keeping
     * @param messageOwners of the literals in it
     * @param messageNumber of the line it is in
     */
    void message(byte[] text, long messageOwners, long messageNumber, boolean isCut) {
        message = text;
        owners = messageOwners;
        number = messageNumber;
        cut = isCut;
        any = true;
    }

    /** Takes any other field. */
    void put(String name, byte[] value) {
        any = true;
        switch (name) {
            case "_SOURCE_MONOTONIC_TIMESTAMP" -> uptimeMicros(value, 5);
            case "time" -> dmesgTime(value);
            case "__MONOTONIC_TIMESTAMP" -> uptimeMicros(value, 3);
            case "_SOURCE_REALTIME_TIMESTAMP" -> micros(value, TimeBase.EPOCH, 2);
            case "__REALTIME_TIMESTAMP" -> micros(value, TimeBase.EPOCH, 1);
            case "_KERNEL_DEVICE" -> device = new String(value, ISO_8859_1);
            case "_TRANSPORT" -> verified &= new String(value, ISO_8859_1).equals("kernel");
            case "SYSLOG_FACILITY" -> verified &= number(value) == 0;
            case "pri" -> verified &= number(value) < KERNEL_FACILITY_END;
            case "fac" -> verified &= new String(value, ISO_8859_1).equals("kern");
            default -> {
                // says nothing about the message
            }
        }
    }

    private void uptimeMicros(byte[] value, int rank) {
        micros(value, TimeBase.BOOT, rank);
    }

    private void micros(byte[] value, TimeBase newBase, int rank) {
        long micros = number(value);
        if (micros >= 0) {
            time(newBase, micros * NANOS_PER_MICRO, rank);
        }
    }

    private long number(byte[] value) {
        cursor.on(value, 0, value.length);
        return cursor.number(1, 18);
    }

    private void time(TimeBase newBase, long nanos, int rank) {
        if (rank > timeRank) {
            base = newBase;
            time = nanos;
            timeRank = rank;
        }
    }

    /** {@code 12.345678}, or with {@code -T} and {@code --time-format iso} a date. */
    private void dmesgTime(byte[] value) {
        cursor.on(value, 0, value.length);
        cursor.blanks();
        long seconds = cursor.number(1, 9);
        if (seconds >= 0 && cursor.accept('.')) {
            time(TimeBase.BOOT, seconds * 1_000_000_000 + Math.max(0, cursor.fractionNanos()), 4);
            return;
        }
        cursor.to(0);
        if (clock.read() && clock.known()) {
            time(TimeBase.EPOCH, clock.nanos(), 4);
        }
    }

    /** Hands the message over, if there is one that was kept, and begins a new entry. */
    void deliver(Delivery delivery) {
        if (message != null) {
            byte[] text = message;
            LogLine frame = new LogLine(number, "", time, base, device, verified, true);
            delivery.message(text, 0, text.length, owners, frame, cut);
        }
        clear();
    }
}
