package io.faultline.launcher;

import io.faultline.fault.Fault;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;

/** A decoder that cannot be made. */
public final class BrokenDecoder implements RecordDecoder {
    /** Throws. */
    public BrokenDecoder() {
        throw new IllegalStateException("its table is missing");
    }

    @Override
    public int recordBytes() {
        return 8;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {}

    @Override
    public void describe(Fault fault, KeySink keys) {}
}
