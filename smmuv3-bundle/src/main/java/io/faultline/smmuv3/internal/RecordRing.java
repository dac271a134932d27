package io.faultline.smmuv3.internal;

import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordQueue;
import io.faultline.live.Attention;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The event or PRI queue of a live SMMU: hardware moves PROD, this class CONS.
 *
 * <p>PROD is read in {@link #available()} only: the overflow that {@link #overflowed()} tells lies
 * before or behind the records that were counted then, and {@link #acknowledge()} answers to that
 * one. While nothing waits and no interrupt has come, registers are left alone, unless it is held
 * back.
 *
 * <p>When the write of a record was aborted (EVENTQ_ABT_ERR, PRIQ_ABT_ERR) nothing that waits can
 * be trusted, if the abort was asynchronous, and nobody can tell: it is discarded as lost. Of a
 * model that reports a full queue in this way the entries stay valid ({@link
 * UnitSettings#fullAborts}).
 *
 * <p>Source: Arm IHI 0070, 3.5.1, 7.2, 7.4, 8.1.
 */
final class RecordRing implements RecordQueue {
    private static final int OVERFLOW_FLAG = (int) QueueIndices.OVERFLOW_FLAG;

    private final QueueLayout layout;
    private final Registers registers;
    private final GlobalErrors errors;
    private final Attention attention;
    private final ByteBuffer memory;
    private final int slots;
    private final boolean fullAborts;
    private final Consumer<String> log;

    /** PROD as it was read last; CONS, which only this class moves. */
    private int prod;

    private int cons;

    /** What is left of what the last look showed. */
    private int waiting;

    /** All of it is consumed: hardware interrupts for an empty queue only, so look once more. */
    private boolean emptied;

    private boolean aborted;
    private boolean discarded;

    /**
     * @param memory exactly the queue's
     */
    RecordRing(
            QueueLayout layout,
            Registers registers,
            GlobalErrors errors,
            Attention attention,
            ByteBuffer memory,
            boolean fullAborts,
            Consumer<String> log) {
        this.layout = layout;
        this.registers = registers;
        this.errors = errors;
        this.attention = attention;
        this.memory = memory;
        this.slots = memory.capacity() / layout.entryBytes;
        this.fullAborts = fullAborts;
        this.log = log;
        this.cons = registers.read32(layout.cons);
    }

    @Override
    public String kind() {
        return layout.kind;
    }

    @Override
    public int available() {
        if (registers.isGone() || errors.isFailed()) {
            waiting = ENDED;
        } else if (waiting <= 0 && (attention.take() || emptied)) {
            emptied = false;
            look();
        }
        return waiting;
    }

    private void look() {
        prod = registers.read32(layout.prod);
        errors.look();
        QueueState state =
                QueueIndices.state(
                        Integer.toUnsignedLong(prod), Integer.toUnsignedLong(cons), slots);
        if (registers.isGone()) {
            waiting = ENDED;
        } else if (state.inconsistent()) {
            waiting = INCONSISTENT;
        } else {
            waiting = state.count();
            aborted = errors.isActive(layout.error);
            if (aborted && !fullAborts && !discarded) {
                discard();
            }
        }
    }

    private void discard() {
        discarded = true;
        if (waiting > 0) {
            log.accept(
                    "%s:%s: a record could not be written: %d entries are invalid and discarded; a"
                                    .formatted(registers.unitName(), layout.kind, waiting)
                            + " transaction that one of them says is stalled hangs until its stream"
                            + " is terminated (Arm IHI 0070, 7.2)");
            consumed(waiting);
        }
    }

    @Override
    public int first() {
        return cons & slots - 1;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    /** Index, wrap bit and OVACKFLG are written at once. */
    @Override
    public void consumed(int n) {
        cons = (cons & OVERFLOW_FLAG) | ((cons + n) & (2 * slots - 1));
        registers.write32(layout.cons, cons);
        waiting = Math.max(0, waiting - n);
        emptied = waiting == 0;
    }

    @Override
    public boolean overflowed() {
        return aborted || ((prod ^ cons) & OVERFLOW_FLAG) != 0;
    }

    @Override
    public void acknowledge() {
        if (aborted) {
            errors.acknowledge(layout.error);
            aborted = false;
            discarded = false;
        }
        if (((prod ^ cons) & OVERFLOW_FLAG) != 0) {
            cons ^= OVERFLOW_FLAG;
            registers.write32(layout.cons, cons);
        }
    }

    @Override
    public boolean holdBack(boolean back) {
        return attention.hold(back);
    }

    @Override
    public boolean listen(Runnable wake) {
        return attention.listen(wake);
    }
}
