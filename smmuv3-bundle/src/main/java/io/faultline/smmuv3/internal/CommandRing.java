package io.faultline.smmuv3.internal;

import io.faultline.live.OutgoingRing;
import java.nio.ByteBuffer;

/**
 * The command queue of a live SMMU. PROD and CONS count slots, with a wrap bit.
 *
 * <p>When hardware does not take a command it stops there until software has acknowledged the
 * error; then {@link #skipError} has put a CMD_SYNC in its place.
 *
 * <p>Source: Arm IHI 0070, 3.5.1, 4.1.2, 6.3.27, 6.3.28, 7.1.
 */
final class CommandRing extends OutgoingRing {
    private static final boolean WRAP_BIT = true;
    private static final long CMD_SYNC = 0x46;
    private static final int ERROR_SHIFT = 24;
    private static final int ERROR_MASK = 0x7f;
    private static final int CERROR_NONE = 0;
    private static final int CERROR_ILL = 1;

    private final Registers registers;

    /**
     * @param memory exactly the queue's
     */
    CommandRing(Registers registers, ByteBuffer memory) {
        super(
                registers,
                memory,
                QueueLayout.COMMAND.entryBytes,
                WRAP_BIT,
                registers.read32(QueueLayout.COMMAND.prod),
                registers.read32(QueueLayout.COMMAND.cons));
        this.registers = registers;
    }

    @Override
    protected int readHead() {
        return registers.read32(QueueLayout.COMMAND.cons);
    }

    @Override
    protected void writeTail(int index) {
        registers.write32(QueueLayout.COMMAND.prod, index);
    }

    /**
     * Makes the command at which hardware has stopped one that it takes, if it was illegal; an
     * abort of the fetch is tried again. To be called before the error is acknowledged.
     *
     * @return what was wrong and what follows
     */
    String skipError() {
        int code = registers.read32(QueueLayout.COMMAND.cons) >>> ERROR_SHIFT & ERROR_MASK;
        if (code != CERROR_ILL) {
            return code == CERROR_NONE
                    ? "the command queue had stopped without an error code: it goes on"
                    : "the command queue had stopped with error code %d: it tries again"
                            .formatted(code);
        }
        return "the command %s is illegal to the SMMU (CERROR_ILL): passed over, what it answers is"
                        .formatted(replaceHead(CMD_SYNC, 0))
                + " not answered";
    }
}
