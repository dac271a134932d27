package io.faultline.dispatcher.internal;

import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A unit with one queue that always holds a full batch of the same records. */
final class EndlessUnit implements HardwareUnit, RecordQueue {
    /** How many records it always holds. */
    static final int BATCH = 256;

    private final Unit unit;
    private final String kind;
    private final ByteBuffer memory;
    private long answers;

    EndlessUnit(String name, RecordKind kind) {
        this.unit = new Unit(kind.arch, name);
        this.kind = kind.queue;
        int bytes = kind.decoder.recordBytes();
        this.memory = ByteBuffer.allocateDirect(BATCH * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < BATCH; i++) {
            kind.write(memory, i * bytes, i);
        }
    }

    /** How many answers it got. */
    long answers() {
        return answers;
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<RecordQueue> queues() {
        return List.of(this);
    }

    @Override
    public CommandPort port() {
        return command -> {
            answers++;
            return true;
        };
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public int available() {
        return BATCH;
    }

    @Override
    public int first() {
        return 0;
    }

    @Override
    public int slots() {
        return BATCH;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public void consumed(int n) {}

    @Override
    public boolean overflowed() {
        return false;
    }

    @Override
    public void acknowledge() {
        throw new IllegalStateException("never overflows");
    }
}
