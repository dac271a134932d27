package io.faultline.dispatcher.internal;

import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A unit with one queue that never runs out of the same records, {@link #BATCH} at a time. */
final class EndlessUnit implements HardwareUnit, RecordQueue {
    /** How many records it holds when a round begins; a power of two. */
    static final int BATCH = 256;

    private final Unit unit;
    private final String kind;
    private final ByteBuffer memory;
    private final CommandPort port = this::submit; // one for all answers: its bytes are counted
    private long answers;
    private long read;
    private long until;

    EndlessUnit(String name, RecordKind kind) {
        this.unit = new Unit(kind.arch, name);
        this.kind = kind.queue;
        int bytes = kind.decoder.recordBytes();
        this.memory = ByteBuffer.allocateDirect(BATCH * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < BATCH; i++) {
            kind.write(memory, i * bytes, i);
        }
    }

    /**
     * Steps this unit's lane through as many records as it holds: more than one step, where the
     * lane takes on less because its last step was long.
     *
     * @return how many records that were since the unit was made
     */
    long round(Lane lane) {
        until = read + BATCH;
        while (read < until) {
            lane.stepByHand();
        }
        return read;
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
        return port;
    }

    private boolean submit(ByteBuffer command) {
        answers++;
        return true;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public int available() {
        return (int) (until - read);
    }

    @Override
    public int first() {
        return (int) (read & (BATCH - 1));
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
    public void consumed(int n) {
        read += n;
    }

    @Override
    public boolean overflowed() {
        return false;
    }

    @Override
    public void acknowledge() {
        throw new IllegalStateException("never overflows");
    }
}
