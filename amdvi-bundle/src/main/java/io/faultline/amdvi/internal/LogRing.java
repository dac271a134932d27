package io.faultline.amdvi.internal;

import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordQueue;
import io.faultline.live.Attention;
import java.nio.ByteBuffer;

/**
 * The event log or PPR log of a live unit: hardware moves the tail, this class the head.
 *
 * <p><b>Not written yet.</b> The tail can move before the entry is in memory (errata 732 and 733).
 * What was consumed is overwritten with zeros before the head is moved: when hardware comes round
 * again, an entry that it has not written yet has the code 0, and is not taken for the old one.
 *
 * <p><b>Interrupt.</b> Its status bit is cleared before the tail is read. If it is set again by
 * then, another look is due: the next interrupt may not come (ERBT1312).
 *
 * <p><b>Overflow.</b> A full log stops. It is started again when what it held has been consumed.
 *
 * <p>Source: AMD IOMMU specification (48882), "Event Log Registers", "PPR Log Registers", "IOMMU
 * Status Register".
 */
final class LogRing implements RecordQueue {
    private static final int BYTES = AmdVi.ENTRY_BYTES;

    private final LogLayout layout;
    private final UnitRegisters registers;
    private final Attention attention;
    private final ByteBuffer memory;
    private final int slots;

    /** The head, which only this class moves: a byte offset. */
    private int head;

    /** What is left of what the last look showed. */
    private int waiting;

    private boolean overflowed;

    /** The interrupt's status bit was set again: look once more. */
    private boolean restless;

    /**
     * @param memory exactly the log's
     * @param head where it is
     */
    LogRing(
            LogLayout layout,
            UnitRegisters registers,
            Attention attention,
            ByteBuffer memory,
            long head) {
        this.layout = layout;
        this.registers = registers;
        this.attention = attention;
        this.memory = memory;
        this.slots = memory.capacity() / BYTES;
        this.head = (int) (head & memory.capacity() - 1 & -BYTES);
    }

    @Override
    public String kind() {
        return layout.kind;
    }

    @Override
    public int available() {
        if (registers.isGone()) {
            waiting = ENDED;
        } else if (waiting <= 0 && (attention.take() || restless)) {
            look();
        }
        return waiting;
    }

    private void look() {
        registers.write64(UnitRegisters.STATUS, layout.interrupt);
        long tail = registers.read64(layout.tail);
        long status = registers.read64(UnitRegisters.STATUS);
        if (registers.isGone()) {
            waiting = ENDED;
            return;
        }
        restless = (status & layout.interrupt) != 0;
        overflowed = (status & layout.overflow) != 0;
        QueueState state = LogOffsets.state(tail, head, slots);
        waiting = state.inconsistent() ? INCONSISTENT : state.count();
    }

    @Override
    public int first() {
        return head / BYTES;
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
        for (int i = 0; i < n; i++) {
            memory.putLong(head, 0).putLong(head + Long.BYTES, 0);
            head = (head + BYTES) % memory.capacity();
        }
        registers.write64(layout.head, head);
        waiting = Math.max(0, waiting - n);
    }

    @Override
    public boolean overflowed() {
        return overflowed;
    }

    /** As long as the log still runs, hardware may write: then it is done after the next look. */
    @Override
    public void acknowledge() {
        overflowed = false;
        if ((registers.read64(UnitRegisters.STATUS) & layout.running) != 0) {
            return;
        }
        long interrupt = attention.isInterrupted() ? layout.enableInterrupt : 0;
        registers.disable(layout.enable | interrupt);
        registers.write64(UnitRegisters.STATUS, layout.overflow);
        registers.enable(layout.enable | interrupt);
    }

    @Override
    public boolean listen(Runnable listener) {
        return attention.listen(listener);
    }
}
