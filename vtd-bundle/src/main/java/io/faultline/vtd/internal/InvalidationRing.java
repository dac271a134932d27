package io.faultline.vtd.internal;

import io.faultline.live.OutgoingRing;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The invalidation queue of a live unit, which takes page group responses. IQH and IQT are byte
 * offsets without a wrap bit; descriptors have 32 bytes (IQA.DW).
 *
 * <p>A descriptor that hardware refuses stops the queue (FSTS.IQE). {@link #mend} puts a wait
 * descriptor in its place, says what was refused, and lets it go on.
 *
 * <p>Source: Intel VT-d, "Queued Invalidation Interface", "Invalidation Wait Descriptor".
 */
final class InvalidationRing extends OutgoingRing {
    private static final int BYTES = 32;
    private static final int OFFSET_SHIFT = 5;
    private static final boolean WRAP_BIT = false;
    private static final int IQE = 1 << 4;

    /** Type 5, with a status write: one that does nothing at all is refused. */
    private static final long WAIT = 5 | 1 << 5;

    private final UnitRegisters registers;
    private final Consumer<String> log;
    private final long statusAddress;

    /**
     * @param memory exactly the queue's, empty; null: the unit has no such queue, or somebody
     *     else's
     * @param statusAddress where a wait descriptor may write 4 bytes
     */
    InvalidationRing(
            UnitRegisters registers, ByteBuffer memory, long statusAddress, Consumer<String> log) {
        super(registers, memory, BYTES, WRAP_BIT, 0, 0);
        this.registers = registers;
        this.statusAddress = statusAddress;
        this.log = log;
    }

    @Override
    protected int readHead() {
        return (int) (registers.read64(UnitRegisters.IQH) >>> OFFSET_SHIFT);
    }

    @Override
    protected void writeTail(int index) {
        registers.write64(UnitRegisters.IQT, (long) index << OFFSET_SHIFT);
    }

    /** Sets the queue going again if it has stopped. */
    void mend(FaultStatus status) {
        if (!isSetUp() || !status.queueError()) {
            return;
        }
        String refused = replaceHead(WAIT, statusAddress, 0, 0);
        registers.write32(UnitRegisters.FSTS, IQE);
        writeTailAgain();
        log.accept(
                "%s: the unit refuses the descriptor %s (FSTS.IQE): passed over, what it answers is"
                                .formatted(registers.unitName(), refused)
                        + " not answered");
    }
}
