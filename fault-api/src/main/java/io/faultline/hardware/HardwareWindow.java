package io.faultline.hardware;

import java.nio.ByteBuffer;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A window onto a live unit: registers, memory and interrupts. Whoever can reach the hardware (an
 * emulator, a VMM, a driver with a mapped BAR, a test) registers one as a service; the bundle of
 * its architecture makes a {@link HardwareUnit} of it.
 *
 * <p>Register accesses are single accesses of the named width, little-endian, in program order. A
 * write may be posted: it takes effect before any later access of the same thread, but the call
 * need not wait for it, and tells of no failure. What was stored to {@linkplain #memory memory}
 * before a write is seen by the unit when it sees the write.
 *
 * <p><b>Threads.</b> Safe for any number of threads at once.
 */
@ConsumerType
public interface HardwareWindow {
    /** What {@link #memoryFor} returns when there is none to give. */
    long NO_MEMORY = -1;

    /**
     * The architecture.
     *
     * @return the word of {@link Decodes#arch()}
     */
    String arch();

    /**
     * The unit's name.
     *
     * @return unique within the platform
     */
    String name();

    /**
     * Reads a 32-bit register.
     *
     * @param offset byte offset from the unit's base, a multiple of 4
     * @return its value
     * @throws IllegalStateException if the unit is gone
     */
    int read32(long offset);

    /**
     * Reads a 64-bit register.
     *
     * @param offset byte offset from the unit's base, a multiple of 8
     * @return its value
     * @throws IllegalStateException if the unit is gone
     */
    long read64(long offset);

    /**
     * Writes a 32-bit register.
     *
     * @param offset byte offset from the unit's base, a multiple of 4
     * @param value the value
     * @throws IllegalStateException if the unit is gone
     */
    void write32(long offset, int value);

    /**
     * Writes a 64-bit register.
     *
     * @param offset byte offset from the unit's base, a multiple of 8
     * @param value the value
     * @throws IllegalStateException if the unit is gone
     */
    void write64(long offset, long value);

    /**
     * Memory that the unit shares with us.
     *
     * @param physicalAddress as the unit addresses it
     * @param lengthBytes how much
     * @return little-endian, direct: what either side writes the other sees; must not be used any
     *     more once the window's service is unregistered
     * @throws IllegalArgumentException if that range is not shared memory
     */
    ByteBuffer memory(long physicalAddress, int lengthBytes);

    /**
     * Memory for the unit's driver: a queue that it sets up. Nobody else uses it while the window
     * is registered; it may hold what an earlier driver left there.
     *
     * @param purpose the driver's word, for example the queue's kind; the same word gives the same
     *     memory again
     * @param lengthBytes a power of two
     * @return a physical address, a multiple of {@code lengthBytes}, or {@link #NO_MEMORY}: then
     *     the driver takes the queues as they are set up already
     * @throws IllegalArgumentException if there is memory, but not that much
     */
    default long memoryFor(String purpose, int lengthBytes) {
        return NO_MEMORY;
    }

    /**
     * Whether the unit is not there any more: surprise removal, an emulator that died. Whoever
     * listens to an interrupt is woken when it becomes so.
     *
     * @return false while accesses work; true for ever afterwards
     */
    default boolean isGone() {
        return false;
    }

    /**
     * Names who is to be woken by an interrupt.
     *
     * @param which the architecture's word for it, for example the queue's kind or {@code gerror}
     * @param wake quick, from any thread; null: nobody any more
     * @return false if that interrupt cannot be had: the registers must be polled
     */
    boolean onInterrupt(String which, Runnable wake);

    /**
     * Settings that the unit's driver is to know, such as quirks of an emulated model by name.
     *
     * @return immutable, often empty
     */
    default Map<String, String> settings() {
        return Map.of();
    }
}
