package io.faultline.testkit;

import io.faultline.hardware.HardwareWindow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A window onto a unit for which a test is the hardware: registers, memory, interrupts, settings
 * and an end. A register keeps what was written to it last; a subclass says where hardware does
 * otherwise ({@link #stored32}, {@link #stored64}), and plays hardware's side of the queues.
 *
 * <p><b>Threads.</b> One at a time.
 */
public class FakeWindow implements HardwareWindow {
    /** The physical address of the memory's first byte. */
    public static final long MEMORY = 0x4000_0000L;

    /** What is given begins at a multiple of this, as the bases of all queues do. */
    private static final int GRANULE = 64;

    private final String arch;
    private final ByteBuffer registers;
    private final ByteBuffer memory;
    private final Map<String, Long> given = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, Runnable> wakes = new HashMap<>();
    private final List<String> executed = new ArrayList<>();
    private long free = MEMORY;
    private boolean givesMemory = true;
    private boolean givesInterrupts = true;
    private boolean gone;
    private int reads;

    /**
     * A window named {@code fake0}: all registers and all memory are 0.
     *
     * @param arch the architecture's word
     * @param registerBytes how many bytes of registers there are
     * @param memoryBytes how much memory there is, from {@link #MEMORY} on
     */
    public FakeWindow(String arch, int registerBytes, int memoryBytes) {
        this.arch = arch;
        this.registers = ByteBuffer.allocate(registerBytes).order(ByteOrder.LITTLE_ENDIAN);
        this.memory = ByteBuffer.allocateDirect(memoryBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Sets one of {@link #settings()}.
     *
     * @param key its key
     * @param value its value, as text
     */
    public final void set(String key, Object value) {
        settings.put(key, value.toString());
    }

    /** From now on there is no memory for the driver. */
    public final void keepMemory() {
        givesMemory = false;
    }

    /** From now on no interrupt can be had. */
    public final void keepInterrupts() {
        givesInterrupts = false;
    }

    /** The unit is gone: who listens to an interrupt is woken, accesses fail. */
    public final void die() {
        gone = true;
        List.copyOf(wakes.values()).forEach(Runnable::run);
    }

    /**
     * An interrupt.
     *
     * @param which its word; nothing happens if nobody listens to it
     */
    public final void interrupt(String which) {
        Runnable wake = wakes.get(which);
        if (wake != null) {
            wake.run();
        }
    }

    /**
     * The interrupts to which somebody listens.
     *
     * @return their words
     */
    public final Set<String> listenedTo() {
        return Set.copyOf(wakes.keySet());
    }

    /**
     * How many registers were read through the window.
     *
     * @return since the window was made
     */
    public final int reads() {
        return reads;
    }

    /**
     * A register as hardware sees it, also when the unit is gone.
     *
     * @param offset byte offset from the unit's base
     * @return its 32 bits
     */
    public final int register32(long offset) {
        return registers.getInt((int) offset);
    }

    /**
     * A register as hardware sees it, also when the unit is gone.
     *
     * @param offset byte offset from the unit's base
     * @return its 64 bits
     */
    public final long register64(long offset) {
        return registers.getLong((int) offset);
    }

    /**
     * Hardware changes a register.
     *
     * @param offset byte offset from the unit's base
     * @param value its 32 bits
     */
    public final void setRegister32(long offset, int value) {
        registers.putInt((int) offset, value);
    }

    /**
     * Hardware changes a register.
     *
     * @param offset byte offset from the unit's base
     * @param value its 64 bits
     */
    public final void setRegister64(long offset, long value) {
        registers.putLong((int) offset, value);
    }

    /**
     * What hardware does when a 32-bit register is written: keeps the value.
     *
     * @param offset byte offset from the unit's base
     * @param value what was written
     */
    protected void stored32(long offset, int value) {
        setRegister32(offset, value);
    }

    /**
     * What hardware does when a 64-bit register is written: keeps the value.
     *
     * @param offset byte offset from the unit's base
     * @param value what was written
     */
    protected void stored64(long offset, long value) {
        setRegister64(offset, value);
    }

    /**
     * Hardware takes a command from memory.
     *
     * @param address the command's physical address
     * @param lengthBytes its length
     * @return the command
     */
    protected final byte[] fetch(long address, int lengthBytes) {
        byte[] command = new byte[lengthBytes];
        memory(address, lengthBytes).get(command);
        return command;
    }

    /**
     * Hardware has executed a command.
     *
     * @param command what {@link #fetch} returned
     */
    protected final void addExecuted(byte[] command) {
        executed.add(HexFormat.of().formatHex(command));
    }

    /**
     * The commands that hardware has executed.
     *
     * @return in order, in hex
     */
    public final List<String> executed() {
        return List.copyOf(executed);
    }

    @Override
    public final String arch() {
        return arch;
    }

    @Override
    public final String name() {
        return "fake0";
    }

    @Override
    public final int read32(long offset) {
        refuseIfGone();
        reads++;
        return register32(offset);
    }

    @Override
    public final long read64(long offset) {
        refuseIfGone();
        reads++;
        return register64(offset);
    }

    @Override
    public final void write32(long offset, int value) {
        refuseIfGone();
        stored32(offset, value);
    }

    @Override
    public final void write64(long offset, long value) {
        refuseIfGone();
        stored64(offset, value);
    }

    private void refuseIfGone() {
        if (gone) {
            throw new IllegalStateException("gone");
        }
    }

    @Override
    public final ByteBuffer memory(long physicalAddress, int lengthBytes) {
        long from = physicalAddress - MEMORY;
        if (from != (int) from) {
            throw new IllegalArgumentException(
                    "physicalAddress=0x%x is not memory".formatted(physicalAddress));
        }
        Objects.checkFromIndexSize((int) from, lengthBytes, memory.capacity());
        return memory.slice((int) from, lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public final long memoryFor(String purpose, int lengthBytes) {
        return givesMemory
                ? given.computeIfAbsent(purpose, word -> allocate(lengthBytes))
                : NO_MEMORY;
    }

    private long allocate(int lengthBytes) {
        long at = (free + lengthBytes - 1) / lengthBytes * lengthBytes;
        if (at + lengthBytes > MEMORY + memory.capacity()) {
            throw new IllegalArgumentException(
                    "lengthBytes=" + lengthBytes + ": there is not that much memory left");
        }
        free = at + Math.max(lengthBytes, GRANULE);
        return at;
    }

    @Override
    public final boolean isGone() {
        return gone;
    }

    @Override
    public final boolean onInterrupt(String which, Runnable wake) {
        if (wake == null || !givesInterrupts) {
            wakes.remove(which);
        } else {
            wakes.put(which, wake);
        }
        return givesInterrupts;
    }

    @Override
    public final Map<String, String> settings() {
        return Map.copyOf(settings);
    }
}
