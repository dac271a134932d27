package io.faultline.itest;

import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A unit that always has a ring full of records, as fast as a lane can read them, until it is told
 * to stop. Records are two words: the slot, then an address.
 */
final class EndlessUnit implements HardwareUnit, RecordQueue, CommandPort {
    private static final int SLOTS = 512;

    private final Unit unit;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(SLOTS * 2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final AtomicLong consumed = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private volatile boolean dry;

    EndlessUnit(String name) {
        unit = new Unit("itest", name);
        for (int slot = 0; slot < SLOTS; slot++) {
            memory.putLong(slot * 2 * Long.BYTES, slot);
            memory.putLong((slot * 2 + 1) * Long.BYTES, 0x1000L * slot);
        }
    }

    /** No more records come. */
    void runDry() {
        dry = true;
    }

    long consumed() {
        return consumed.get();
    }

    long answers() {
        return answers.get();
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
        return this;
    }

    @Override
    public boolean submit(ByteBuffer command) {
        answers.incrementAndGet();
        return true;
    }

    @Override
    public String kind() {
        return "words";
    }

    @Override
    public int available() {
        return dry ? 0 : SLOTS;
    }

    @Override
    public int first() {
        return (int) (consumed.get() % SLOTS);
    }

    @Override
    public int slots() {
        return SLOTS;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public void consumed(int n) {
        consumed.addAndGet(n);
    }

    @Override
    public boolean overflowed() {
        return false;
    }

    @Override
    public void acknowledge() {
        throw new AssertionError("it never overflows");
    }
}
