package io.faultline.live;

import io.faultline.hardware.CommandPort;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A ring of commands: this class moves the tail, hardware the head. Both are indices that count
 * slots; a subclass knows the registers that they are in.
 *
 * <p><b>Full.</b> Where an index has a wrap bit it counts modulo twice the ring's size, and every
 * slot can be used. Elsewhere it counts modulo the size, and one slot always stays free: with head
 * and tail equal the ring is empty. The head is read only when the ring looks full. Hardware that
 * has stopped at a command lets the ring fill up; answers are then held back by who submits them
 * (R7), until the subclass has put something else in that command's place.
 *
 * <p><b>Threads.</b> Safe for any number of threads at once.
 */
public abstract class OutgoingRing implements CommandPort {
    private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOOK_NANOS = 100_000;

    private final WindowRegisters registers;
    private final int commandBytes;
    private final int slots;

    /** How many commands can wait. */
    private final int room;

    private final int indexMask;

    /** Null: the unit has no such ring, or it is somebody else's. */
    private final ByteBuffer memory;

    /** The tail, which only this class moves, and the head as it was read last. */
    private int tail;

    private int head;
    private boolean closed;

    /**
     * A ring as it is now.
     *
     * @param registers say whether the unit is gone
     * @param memory exactly the ring's, a power of two of commands; null: there is no ring, and no
     *     command is taken
     * @param commandBytes the length of a command, a multiple of 8
     * @param wrapBit whether indices have one
     * @param tail its index; bits beyond an index are ignored
     * @param head its index; bits beyond an index are ignored
     */
    protected OutgoingRing(
            WindowRegisters registers,
            ByteBuffer memory,
            int commandBytes,
            boolean wrapBit,
            int tail,
            int head) {
        this.registers = registers;
        this.memory = memory;
        this.commandBytes = commandBytes;
        this.slots = memory == null ? 1 : memory.capacity() / commandBytes;
        this.room = wrapBit ? slots : slots - 1;
        this.indexMask = wrapBit ? 2 * slots - 1 : slots - 1;
        this.tail = tail & indexMask;
        this.head = head & indexMask;
        this.closed = memory == null;
    }

    /**
     * Reads the head's register.
     *
     * @return the index in it; bits beyond an index are ignored
     */
    protected abstract int readHead();

    /**
     * Writes the tail's register: what lies before it is hardware's from then on.
     *
     * @param index the tail
     */
    protected abstract void writeTail(int index);

    @Override
    public final synchronized boolean submit(ByteBuffer command) {
        if (closed || registers.isGone()) {
            throw new IllegalStateException(registers.unitName() + " takes no more commands");
        }
        if (command.remaining() != commandBytes) {
            throw new IllegalArgumentException(
                    "command.remaining()="
                            + command.remaining()
                            + ": a command has "
                            + commandBytes);
        }
        if (isFull()) {
            look();
            if (isFull()) {
                return false;
            }
        }
        memory.put(at(tail), command, command.position(), commandBytes);
        tail = tail + 1 & indexMask;
        writeTail(tail);
        return true;
    }

    private boolean isFull() {
        return (tail - head & indexMask) == room;
    }

    private void look() {
        head = readHead() & indexMask;
    }

    private int at(int index) {
        return (index & slots - 1) * commandBytes;
    }

    /**
     * Whether there is a ring.
     *
     * @return never changes
     */
    protected final boolean isSetUp() {
        return memory != null;
    }

    /**
     * Puts another command in the place of the one at which hardware has stopped.
     *
     * @param words as many as a command has, little-endian
     * @return the command that was there, in hex
     */
    protected final synchronized String replaceHead(long... words) {
        look();
        byte[] refused = new byte[commandBytes];
        memory.get(at(head), refused);
        for (int i = 0; i < words.length; i++) {
            memory.putLong(at(head) + i * Long.BYTES, words[i]);
        }
        return HexFormat.of().formatHex(refused);
    }

    /** Writes the tail's register once more, to set hardware going that has stopped. */
    protected final synchronized void writeTailAgain() {
        writeTail(tail);
    }

    /** Takes no more commands, and gives hardware a moment to take those that it has. */
    public final synchronized void close() {
        closed = true;
        long since = System.nanoTime();
        while (isSetUp() && !isDrained() && System.nanoTime() - since < DRAIN_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean isDrained() {
        look();
        return head == tail || registers.isGone();
    }
}
