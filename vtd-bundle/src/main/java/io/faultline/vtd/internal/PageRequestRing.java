package io.faultline.vtd.internal;

import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordQueue;
import io.faultline.live.Attention;
import java.nio.ByteBuffer;

/**
 * The page request queue of a live unit: hardware moves PQT, this class PQH. PRS.PPR is cleared
 * before PQT is read, else a request that comes in between would tell nobody. While PRS.PRO is set
 * nothing is written.
 *
 * <p>Source: Intel VT-d, "Page Request Queue", "Page Request Status Register".
 */
final class PageRequestRing implements RecordQueue {
    static final int BYTES = 32;

    private static final int PPR = 1;
    private static final int PRO = 1 << 1;

    private final UnitRegisters registers;
    private final Attention attention;
    private final ByteBuffer memory;
    private final int slots;

    /** PQH, which only this class moves. */
    private long head;

    private int waiting;
    private boolean overflowed;

    /**
     * @param memory exactly the queue's
     */
    PageRequestRing(UnitRegisters registers, Attention attention, ByteBuffer memory) {
        this.registers = registers;
        this.attention = attention;
        this.memory = memory;
        this.slots = memory.capacity() / BYTES;
    }

    @Override
    public String kind() {
        return PageRequestDescriptor.QUEUE;
    }

    @Override
    public int available() {
        if (registers.isGone()) {
            waiting = ENDED;
        } else if (attention.take() || waiting > 0) {
            waiting = look();
        }
        return waiting;
    }

    private int look() {
        int status = registers.read32(UnitRegisters.PRS);
        if ((status & PPR) != 0) {
            registers.write32(UnitRegisters.PRS, PPR);
        }
        long tail = registers.read64(UnitRegisters.PQT);
        if (registers.isGone()) {
            return ENDED;
        }
        overflowed = (status & PRO) != 0;
        QueueState state = PageRequestIndices.state(tail, head, slots, BYTES);
        return state.inconsistent() ? INCONSISTENT : state.count();
    }

    @Override
    public int first() {
        return (int) head / BYTES;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public void consumed(int n) {
        head = (head + (long) n * BYTES) % memory.capacity();
        registers.write64(UnitRegisters.PQH, head);
    }

    @Override
    public boolean overflowed() {
        return overflowed;
    }

    @Override
    public void acknowledge() {
        registers.write32(UnitRegisters.PRS, PRO);
        overflowed = false;
    }

    @Override
    public boolean listen(Runnable listener) {
        return attention.listen(listener);
    }
}
