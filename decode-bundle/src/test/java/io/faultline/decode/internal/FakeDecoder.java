package io.faultline.decode.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Decodes records of 16 bytes: byte 0 says what it is, byte 1 the group index, bytes 2 and 3 the
 * requester, bytes 4 to 7 the PASID plus one, word 1 the address. {@link #SHORT} ones have 8 bytes.
 */
final class FakeDecoder implements RecordDecoder {
    static final byte FAULT = 1;
    static final byte REQUEST = 2;
    static final byte LAST_REQUEST = 3;
    static final byte STOP = 4;
    static final byte NOTHING = 5;
    static final byte NOT_WRITTEN = 6;
    static final byte THROWS = 7;
    static final byte SILENT = 8;
    static final byte TWICE = 9;
    static final byte STALL = 10;
    static final byte SHORT = 11;
    static final byte IMPOSSIBLE = 12;

    static byte[] record(byte what, int index, int requester, int pasid, long address) {
        byte[] record = new byte[16];
        ByteBuffer.wrap(record)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, what)
                .put(1, (byte) index)
                .putShort(2, (short) requester)
                .putInt(4, pasid + 1)
                .putLong(8, address);
        return record;
    }

    @Override
    public int recordBytes() {
        return 16;
    }

    @Override
    public int recordBytes(ByteBuffer queue, int at) {
        return switch (queue.get(at)) {
            case SHORT -> 8;
            case IMPOSSIBLE -> -8;
            default -> 16;
        };
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long w0 = queue.getLong(at);
        if ((byte) w0 == SHORT) {
            out.noFault("lost_events", w0, 0, 0, 0);
            return;
        }
        long w1 = queue.getLong(at + 8);
        int index = (int) (w0 >> 8) & 0xff;
        int requester = (int) (w0 >> 16) & 0xffff;
        int pasid = (int) (w0 >> 32) - 1;
        int bits = FaultBits.HAS_REQUESTER | FaultBits.HAS_IOVA | FaultBits.READ;
        switch ((byte) w0) {
            case FAULT ->
                    out.unrecoverable(
                            Reason.PERMISSION, 1, bits, requester, pasid, w1, 0, w0, w1, 0, 0);
            case REQUEST -> out.pageRequest(bits, requester, pasid, index, w1, w0, w1, 0, 0);
            case LAST_REQUEST ->
                    out.pageRequest(
                            bits | FaultBits.LAST, requester, pasid, index, w1, w0, w1, 0, 0);
            case STOP ->
                    out.stopMarker(FaultBits.HAS_REQUESTER, requester, pasid, index, w0, w1, 0, 0);
            case STALL ->
                    out.stall(
                            Reason.NOT_PRESENT,
                            16,
                            bits,
                            requester,
                            pasid,
                            index,
                            w1,
                            0,
                            w0,
                            w1,
                            0,
                            0);
            case NOTHING -> out.empty();
            case NOT_WRITTEN -> out.notWritten();
            case THROWS -> throw new IllegalStateException("boom");
            case SILENT -> {}
            case TWICE -> {
                out.empty();
                out.empty();
            }
            default -> out.malformed("unknown_event", w0, w1, 0, 0);
        }
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        keys.text("event", fault.kind().word().toUpperCase(Locale.ROOT));
    }

    @Override
    public void describe(ByteBuffer record, int at, KeySink keys) {
        if (record.get(at) == SHORT) {
            keys.number("what", SHORT);
        }
    }

    @Override
    public String explain(String why, long w0, long w1, long w2, long w3) {
        return why + " in " + Long.toHexString(w0);
    }

    /** PROD and CONS are slot numbers; 99 contradicts everything. */
    @Override
    public QueueState state(long producer, long consumer, int slots) {
        if (slots == 3) {
            throw new IllegalArgumentException("slots=3 is no power of two");
        }
        if (producer == 99) {
            return QueueState.INCONSISTENT;
        }
        int count = (int) Math.floorMod(producer - consumer, (long) slots);
        return new QueueState(count, (int) consumer, false, producer == 0, false, producer);
    }
}
