package io.faultline.decode.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;

/**
 * Records as text: one a line, in hex, in memory order. Blanks between digits are allowed; blank
 * lines and what follows a {@code #} are skipped.
 */
final class HexDump {
    /** The longest line that can hold a record with blanks and a comment. */
    private static final int LONGEST_LINE = 4096;

    /** How much of a line that is wrong is shown. */
    private static final int SHOWN = 80;

    private final RecordReader records;
    private final int recordBytes;

    HexDump(RecordReader records) {
        this.records = records;
        this.recordBytes = records.recordBytes();
    }

    /** Reads all records. */
    void readAll(InputStream in) throws IOException {
        Lines lines = new Lines(in, LONGEST_LINE);
        long number = 0;
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            String digits = digits(line);
            if (!digits.isEmpty()) {
                number++;
                byte[] record = record(digits, number, lines);
                if (record != null) {
                    records.read(littleEndian(record), 0, number);
                }
            }
        }
    }

    /** Reads the records that wait in a queue, which the input holds as a whole. */
    void readPending(InputStream in, PendingRecords pending) throws IOException {
        Lines lines = new Lines(in, LONGEST_LINE);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        BitSet unreadable = new BitSet();
        int slots = 0;
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            String digits = digits(line);
            if (!digits.isEmpty() && all.size() <= PendingRecords.LARGEST_QUEUE_BYTES) {
                slots++;
                byte[] record = record(digits, slots, lines);
                unreadable.set(slots - 1, record == null);
                all.writeBytes(
                        record == null
                                ? new byte[recordBytes]
                                : Arrays.copyOf(record, recordBytes));
            }
        }
        pending.read(records, littleEndian(all.toByteArray()), slots, unreadable);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String digits(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        int comment = text.indexOf('#');
        String digits = (comment < 0 ? text : text.substring(0, comment)).replaceAll("\\s+", "");
        return digits.startsWith("0x") || digits.startsWith("0X") ? digits.substring(2) : digits;
    }

    /** The record, or null if the line holds none: that was told. */
    private byte[] record(String digits, long number, Lines lines) throws IOException {
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            String what = digits.length() % 2 == 0 ? "not all are hex digits" : "an odd digit";
            malformed(number, "bad_hex", Printable.cut(digits, SHOWN), lines, what);
            return null;
        }
        int needed =
                bytes.length < RecordReader.SHORTEST
                        ? recordBytes
                        : records.recordBytes(littleEndian(bytes), 0);
        if (bytes.length == needed && !lines.wasCut()) {
            return bytes;
        }
        String why = bytes.length < needed ? "short_record" : "long_record";
        String hex = Printable.cut(digits, SHOWN);
        malformed(number, why, hex, lines, bytes.length + " bytes, " + needed + " needed");
        return null;
    }

    private void malformed(long number, String why, String hex, Lines lines, String what)
            throws IOException {
        records.malformed(number, why, hex, "line " + lines.number() + ": " + what);
    }
}
