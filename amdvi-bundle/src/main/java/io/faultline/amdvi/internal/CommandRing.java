package io.faultline.amdvi.internal;

import io.faultline.live.OutgoingRing;
import java.nio.ByteBuffer;

/**
 * The command buffer of a live unit, which takes completions of page requests. Head and tail are
 * byte offsets, bits 18:4, without a wrap bit.
 *
 * <p>Source: AMD IOMMU specification (48882), "Command Buffer Registers".
 */
final class CommandRing extends OutgoingRing {
    private static final int OFFSET_SHIFT = 4;
    private static final boolean WRAP_BIT = false;

    private final UnitRegisters registers;

    /**
     * @param memory exactly the buffer's, empty; null: the unit takes no page requests, or its
     *     commands are somebody else's
     */
    CommandRing(UnitRegisters registers, ByteBuffer memory) {
        super(registers, memory, AmdVi.ENTRY_BYTES, WRAP_BIT, 0, 0);
        this.registers = registers;
    }

    @Override
    protected int readHead() {
        return (int) (registers.read64(UnitRegisters.COMMAND_HEAD) >>> OFFSET_SHIFT);
    }

    @Override
    protected void writeTail(int index) {
        registers.write64(UnitRegisters.COMMAND_TAIL, (long) index << OFFSET_SHIFT);
    }
}
