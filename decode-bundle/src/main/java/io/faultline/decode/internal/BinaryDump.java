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
        int length;
        do {
            length = in.readNBytes(chunk, 0, chunk.length);
            int whole = length - length % recordBytes;
            for (int at = 0; at < whole; at += recordBytes) {
                number++;
                if (isZero(chunk, at, recordBytes)) {
                    zeroes++;
                } else {
                    readZeroes(number - zeroes, number);
                    zeroes = 0;
                    records.read(memory, at, number);
                }
            }
            if (length > whole) {
                if (!isZero(chunk, whole, length - whole)) {
                    readZeroes(number - zeroes + 1, number + 1);
                }
                shortRecord(number + 1, Arrays.copyOfRange(chunk, whole, length));
            }
        } while (length == chunk.length);
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
