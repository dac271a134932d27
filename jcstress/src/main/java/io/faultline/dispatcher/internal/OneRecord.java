package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Unit;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A unit with one queue of one record, and its decoder; what the record says the subclass knows.
 */
abstract class OneRecord implements HardwareUnit, RecordQueue, RecordDecoder {
    static final String UNIT = "u";

    private final ByteBuffer memory = ByteBuffer.allocate(8);
    private int left = 1;

    @Override
    public final Unit unit() {
        return new Unit("a", UNIT);
    }

    @Override
    public final List<RecordQueue> queues() {
        return List.of(this);
    }

    @Override
    public final String kind() {
        return "q";
    }

    @Override
    public final int available() {
        return left;
    }

    @Override
    public final int first() {
        return 0;
    }

    @Override
    public final int slots() {
        return 1;
    }

    @Override
    public final ByteBuffer memory() {
        return memory;
    }

    @Override
    public final void consumed(int n) {
        left -= n;
    }

    @Override
    public final boolean overflowed() {
        return false;
    }

    @Override
    public final void acknowledge() {
        throw new IllegalStateException("never overflows");
    }

    @Override
    public final int recordBytes() {
        return 8;
    }

    @Override
    public final void describe(Fault fault, KeySink keys) {
        keys.none("nothing");
    }
}
