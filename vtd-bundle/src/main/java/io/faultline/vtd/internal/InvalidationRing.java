package io.faultline.vtd.internal;

import io.faultline.hardware.CommandPort;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The invalidation queue of a live unit, which takes page group responses: this class moves IQT,
 * hardware IQH. One slot always stays free. Descriptors have 32 bytes (IQA.DW).
 *
 * <p>A descriptor that hardware refuses stops the queue (FSTS.IQE). {@link #mend} puts a wait
 * descriptor in its place, says what was refused, and lets it go on.
 *
 * <p>Source: Intel VT-d, "Queued Invalidation Interface", "Invalidation Wait Descriptor".
 */
final class InvalidationRing implements CommandPort {
    static final int BYTES = 32;

    private static final int IQE = 1 << 4;

    /** Type 5, with a status write: one that does nothing at all is refused. */
    private static final long WAIT = 5 | 1 << 5;

    private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOOK_NANOS = 100_000;

    private final UnitRegisters registers;
    private final Consumer<String> log;
    private final long statusAddress;

    /** Null: the unit has no such queue, or somebody else's. */
    private final ByteBuffer memory;

    /** IQT, which only this class moves; IQH as it was read last: byte offsets. */
    private int tail;

    private int head;
    private boolean closed;

    /**
     * @param memory exactly the queue's, or null
     * @param statusAddress where a wait descriptor may write 4 bytes
     */
    InvalidationRing(
            UnitRegisters registers, ByteBuffer memory, long statusAddress, Consumer<String> log) {
        this.registers = registers;
        this.memory = memory;
        this.statusAddress = statusAddress;
        this.log = log;
    }

    @Override
    public synchronized boolean submit(ByteBuffer command) {
        if (memory == null || closed || registers.isGone()) {
            throw new IllegalStateException(registers.unitName() + " takes no more responses");
        }
        if (command.remaining() != BYTES) {
            throw new IllegalArgumentException(
                    "command.remaining()="
                            + command.remaining()
                            + ": this queue takes descriptors of "
                            + BYTES);
        }
        int next = (tail + BYTES) % memory.capacity();
        if (next == head) {
            head = offset(UnitRegisters.IQH);
            if (next == head) {
                return false;
            }
        }
        memory.put(tail, command, command.position(), BYTES);
        tail = next;
        registers.write64(UnitRegisters.IQT, tail);
        return true;
    }

    private int offset(long register) {
        return (int) (registers.read64(register) & (memory.capacity() - 1) & -BYTES);
    }

    /** Sets the queue going again if it has stopped. */
    synchronized void mend(FaultStatus status) {
        if (memory == null || !status.queueError()) {
            return;
        }
        head = offset(UnitRegisters.IQH);
        byte[] refused = new byte[BYTES];
        memory.get(head, refused);
        memory.putLong(head, WAIT)
                .putLong(head + 8, statusAddress)
                .putLong(head + 16, 0)
                .putLong(head + 24, 0);
        registers.write32(UnitRegisters.FSTS, IQE);
        registers.write64(UnitRegisters.IQT, tail);
        log.accept(
                "%s: the unit refuses the descriptor %s (FSTS.IQE): passed over, what it answers is"
                                .formatted(registers.unitName(), HexFormat.of().formatHex(refused))
                        + " not answered");
    }

    /** Takes no more responses, and gives hardware a moment to take those that it has. */
    synchronized void close() {
        closed = true;
        long since = System.nanoTime();
        while (memory != null
                && !registers.isGone()
                && offset(UnitRegisters.IQH) != tail
                && System.nanoTime() - since < DRAIN_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
