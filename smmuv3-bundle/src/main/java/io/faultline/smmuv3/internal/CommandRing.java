package io.faultline.smmuv3.internal;

import io.faultline.hardware.CommandPort;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The command queue of a live SMMU: this class moves PROD, hardware CONS.
 *
 * <p>CONS is read only when the ring looks full. When hardware does not take a command it stops
 * there until software has acknowledged the error; then {@link #skipError} has put a CMD_SYNC in
 * its place. Meanwhile the ring fills up, and answers are held back by who submits them (R7).
 *
 * <p>Source: Arm IHI 0070, 3.5.1, 4.1.2, 6.3.27, 6.3.28, 7.1.
 */
final class CommandRing implements CommandPort {
    private static final int BYTES = QueueLayout.COMMAND.entryBytes;
    private static final long CMD_SYNC = 0x46;
    private static final int ERROR_SHIFT = 24;
    private static final int ERROR_MASK = 0x7f;
    private static final int CERROR_NONE = 0;
    private static final int CERROR_ILL = 1;
    private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOOK_NANOS = 100_000;

    private final Registers registers;
    private final ByteBuffer memory;
    private final int slots;

    /** PROD, which only this class moves; CONS as it was read last. */
    private int prod;

    private int cons;
    private boolean closed;

    /**
     * @param memory exactly the queue's
     */
    CommandRing(Registers registers, ByteBuffer memory) {
        this.registers = registers;
        this.memory = memory;
        this.slots = memory.capacity() / BYTES;
        this.prod = registers.read(QueueLayout.COMMAND.prod) & counterMask();
        this.cons = registers.read(QueueLayout.COMMAND.cons) & counterMask();
    }

    /** Index and wrap bit together count modulo twice the size. */
    private int counterMask() {
        return 2 * slots - 1;
    }

    @Override
    public synchronized boolean submit(ByteBuffer command) {
        if (closed || registers.isGone()) {
            throw new IllegalStateException(registers.unitName() + " takes no more commands");
        }
        if (isFull()) {
            cons = registers.read(QueueLayout.COMMAND.cons) & counterMask();
            if (isFull()) {
                return false;
            }
        }
        if (command.remaining() != BYTES) {
            throw new IllegalArgumentException(
                    "command.remaining()=" + command.remaining() + ": a command has " + BYTES);
        }
        memory.put(at(prod), command, command.position(), BYTES);
        prod = prod + 1 & counterMask();
        registers.write(QueueLayout.COMMAND.prod, prod);
        return true;
    }

    private boolean isFull() {
        return (prod - cons & counterMask()) == slots;
    }

    private int at(int index) {
        return (index & slots - 1) * BYTES;
    }

    /**
     * Makes the command at which hardware has stopped one that it takes, if it was illegal; an
     * abort of the fetch is tried again. To be called before the error is acknowledged.
     *
     * @return what was wrong and what follows
     */
    synchronized String skipError() {
        int register = registers.read(QueueLayout.COMMAND.cons);
        cons = register & counterMask();
        int code = register >>> ERROR_SHIFT & ERROR_MASK;
        if (code != CERROR_ILL) {
            return code == CERROR_NONE
                    ? "the command queue had stopped without an error code: it goes on"
                    : "the command queue had stopped with error code %d: it tries again"
                            .formatted(code);
        }
        byte[] refused = new byte[BYTES];
        memory.get(at(cons), refused);
        memory.putLong(at(cons), CMD_SYNC).putLong(at(cons) + Long.BYTES, 0);
        return "the command %s is illegal to the SMMU (CERROR_ILL): passed over, what it answers is"
                        .formatted(HexFormat.of().formatHex(refused))
                + " not answered";
    }

    /** Takes no more commands, and gives hardware a moment to take those that it has. */
    synchronized void close() {
        closed = true;
        long since = System.nanoTime();
        while (!registers.isGone()
                && (registers.read(QueueLayout.COMMAND.cons) & counterMask()) != prod
                && System.nanoTime() - since < DRAIN_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
