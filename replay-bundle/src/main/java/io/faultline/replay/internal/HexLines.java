package io.faultline.replay.internal;

import io.faultline.hardware.RecordDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dump as text: a record a line, in hex, in memory order, so that people can make and change it.
 * Blank lines and comments are skipped, but for two: one before the first record can name the
 * queue, and one before any record can tell when it was written, in seconds:
 *
 * <pre>
 * # smmuv3:priq: made, not recorded
 * # at 12.345678
 * 7aec0000000000106d10f3b17dec0000
 * </pre>
 */
final class HexLines implements Recording.QueueDump {
    private static final Pattern HEADER =
            Pattern.compile("#\\s*([a-z][a-z0-9]*:[a-z][a-z0-9]*)\\b.*");

    private static final Pattern TIME = Pattern.compile("#\\s*at\\s+(\\d+(?:\\.\\d+)?)\\s*");

    /** Bad lines beyond these are counted, not named. */
    private static final int NAMED_LINES = 10;

    private final String name;
    private final QueueName queue;
    private final List<String> lines;

    HexLines(String name, QueueName queue, List<String> lines) {
        this.name = name;
        this.queue = queue;
        this.lines = lines;
    }

    /** The queue that a comment before the first record names. */
    static Optional<QueueName> header(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1)
                .lines()
                .map(String::strip)
                .takeWhile(line -> line.isEmpty() || line.startsWith("#"))
                .map(HEADER::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .flatMap(matcher -> QueueName.parse(matcher.group(1)));
    }

    @Override
    public QueueName queue() {
        return queue;
    }

    /** All lines that are a record; what is none gets a remark. */
    @Override
    public Dump framed(RecordDecoder decoder) throws IOException {
        int recordBytes = decoder.recordBytes();
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        List<String> remarks = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        long time = -1;
        int bad = 0;
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).replaceAll("\\s+", "");
            if (line.isEmpty() || line.startsWith("#")) {
                time = Math.max(time, time(lines.get(number - 1).strip()));
                continue;
            }
            byte[] record = bytes(line);
            if (isWhole(record, decoder)) {
                records.writeBytes(Arrays.copyOf(record, recordBytes)); // one fills a slot
                times.add(time);
            } else if (++bad <= NAMED_LINES) {
                remarks.add(
                        name
                                + ": line "
                                + number
                                + ": no "
                                + recordBytes
                                + " bytes in hex, as a record of "
                                + queue
                                + " has; left out");
            }
        }
        if (bad > NAMED_LINES) {
            remarks.add(name + ": and " + (bad - NAMED_LINES) + " more lines like these");
        }
        if (records.size() == 0 && bad > 0) {
            throw new IOException(remarks.get(0) + "; not one line of the file is a record");
        }
        return Dump.of(records.toByteArray(), recordBytes, 0, times.size(), times(times), remarks);
    }

    private static boolean isWhole(byte[] record, RecordDecoder decoder) {
        // a decoder of records that differ looks at their first word
        return record.length >= Math.min(Long.BYTES, decoder.recordBytes())
                && record.length
                        == decoder.recordBytes(
                                ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN), 0);
    }

    /** What a comment says of when the next records were written, or -1. */
    private static long time(String comment) {
        Matcher matcher = TIME.matcher(comment);
        try {
            return matcher.matches() ? RecordTimes.parse(matcher.group(1)) : -1;
        } catch (NumberFormatException e) {
            return -1; // it says something else
        }
    }

    /**
     * Null unless the first record has a time: then all have one, if only that of an earlier one.
     */
    private static RecordTimes times(List<Long> times) {
        return times.isEmpty() || times.get(0) < 0
                ? null
                : new RecordTimes(times.stream().mapToLong(Long::longValue).toArray());
    }

    /** The bytes of a line; none if it is not hex. */
    private static byte[] bytes(String line) {
        try {
            return HexFormat.of().parseHex(line);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // the caller says what a line must be
        }
    }
}
