package io.faultline.decode.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;

/** Queue memory as it lies: records one after the other. */
final class BinaryDump {
    private static final int RECORDS_AT_ONCE = 2048;

    private final RecordReader records;
    private final int recordBytes;

    BinaryDump(RecordReader records) {
        this.records = records;
        this.recordBytes = records.recordBytes();
    }

    /**
     * Reads all records. A run of all-zero ones at the end was never written; in between, zeroes
     * are records like others. Memory does not grow with the input: the run is counted, not kept.
     */
    void readAll(InputStream in) throws IOException {
        byte[] chunk = new byte[RECORDS_AT_ONCE * recordBytes];
        ByteBuffer memory = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        long number = 0;
        long zeroes = 0;
        int rest = 0;
        int length;
        do {
            length = rest + in.readNBytes(chunk, rest, chunk.length - rest);
            int at = 0;
            for (int bytes = whole(memory, at, length);
                    bytes > 0;
                    bytes = whole(memory, at, length)) {
                number++;
                if (isZero(chunk, at, bytes)) {
                    zeroes++;
                } else {
                    readZeroes(number - zeroes, number);
                    zeroes = 0;
                    records.read(memory, at, number);
                }
                at += bytes;
            }
            rest = length - at;
            System.arraycopy(chunk, at, chunk, 0, rest); // of a record that is shorter than most
        } while (length == chunk.length);
        if (rest > 0) {
            if (!isZero(chunk, 0, rest)) {
                readZeroes(number - zeroes + 1, number + 1);
            }
            shortRecord(number + 1, Arrays.copyOf(chunk, rest));
        }
    }

    /** How long the record at a place is; 0 if it is not there as a whole. */
    private int whole(ByteBuffer memory, int at, int length) {
        if (length - at < RecordReader.SHORTEST) {
            return 0;
        }
        int bytes = records.recordBytes(memory, at);
        return bytes <= length - at ? bytes : 0;
    }

    /** Something came behind them after all. */
    private void readZeroes(long from, long to) throws IOException {
        ByteBuffer zero = ByteBuffer.allocate(recordBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (long number = from; number < to; number++) {
            records.read(zero, 0, number);
        }
    }

    /** Reads the records that wait in a queue, which the input holds as a whole. */
    void readPending(InputStream in, PendingRecords pending) throws IOException {
        byte[] all = in.readNBytes(PendingRecords.LARGEST_QUEUE_BYTES + 1);
        int slots = all.length / recordBytes;
        ByteBuffer memory = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        pending.read(records, memory, slots, new BitSet());
        int whole = slots * recordBytes;
        if (all.length > whole) {
            shortRecord(slots + 1L, Arrays.copyOfRange(all, whole, all.length));
        }
    }

    private void shortRecord(long number, byte[] bytes) throws IOException {
        records.malformed(
                number,
                "short_record",
                HexFormat.of().formatHex(bytes),
                bytes.length + " bytes, " + recordBytes + " needed");
    }

    private static boolean isZero(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
