package io.faultline.replay.internal;

import io.faultline.fault.Fault;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;

/** Knows how long a record is, and indices with a wrap bit above them. */
record FakeDecoder(int recordBytes, boolean hasIndices, boolean hasShortRecords)
        implements RecordDecoder {
    /** The first byte of a record of 8 bytes. */
    private static final byte SHORT = (byte) 0xff;

    FakeDecoder(int recordBytes, boolean hasIndices) {
        this(recordBytes, hasIndices, false);
    }

    @Override
    public int recordBytes(ByteBuffer queue, int at) {
        return hasShortRecords && queue.get(at) == SHORT ? Long.BYTES : recordBytes;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        throw new AssertionError("a replay decodes nothing");
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        throw new AssertionError("a replay describes nothing");
    }

    @Override
    public QueueState state(long producer, long consumer, int slots) {
        if (!hasIndices) {
            return null;
        }
        if (Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("slots=" + slots);
        }
        int count = (int) (producer - consumer) & (2 * slots - 1);
        return count > slots
                ? QueueState.INCONSISTENT
                : new QueueState(
                        count,
                        (int) consumer & (slots - 1),
                        count == slots,
                        false,
                        false,
                        producer);
    }
}
