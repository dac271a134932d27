package io.faultline.vtd.internal;

import io.faultline.hardware.RecordQueue;
import io.faultline.live.Attention;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The fault recording registers of a live unit as a queue: FSTS.FRI is the first, they are used in
 * ring order, and one is free again when its F bit is cleared. While FSTS.PFO is set nothing more
 * is recorded.
 *
 * <p>Registers are no memory: what waits is copied, F first, since the rest is recorded before it.
 *
 * <p>Source: Intel VT-d, "Primary Fault Logging", "Fault Status Register", "Fault Recording
 * Registers".
 */
final class FaultRegisters implements RecordQueue {
    private static final int BYTES = 16;
    private static final int FRO_SHIFT = 24;
    private static final int FRO_MASK = 0x3ff;
    private static final int NFR_SHIFT = 40;
    private static final int NFR_MASK = 0xff;
    private static final int PFO = 1;
    private static final int F = 1 << 31;
    private static final int LAST_WORD = 12;

    private final UnitRegisters registers;
    private final InvalidationRing commands;
    private final Attention attention;
    private final long base;
    private final int slots;
    private final ByteBuffer copies;
    private int first;
    private int waiting;
    private boolean overflowed;

    /**
     * @param commands learns of errors in FSTS that are its own
     */
    FaultRegisters(UnitRegisters registers, InvalidationRing commands, Attention attention) {
        this.registers = registers;
        this.commands = commands;
        this.attention = attention;
        long cap = registers.read64(UnitRegisters.CAP);
        this.base = (cap >>> FRO_SHIFT & FRO_MASK) * BYTES;
        this.slots = (int) (cap >>> NFR_SHIFT & NFR_MASK) + 1;
        this.copies = ByteBuffer.allocateDirect(slots * BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String kind() {
        return RecordingRegister.QUEUE;
    }

    @Override
    public int available() {
        if (registers.isGone()) {
            waiting = ENDED;
        } else if (attention.take() || waiting > 0) {
            waiting = look();
        }
        return waiting;
    }

    private int look() {
        FaultStatus status = new FaultStatus(registers.read32(UnitRegisters.FSTS));
        if (status.gone()) {
            return registers.isGone() ? ENDED : INCONSISTENT;
        }
        commands.mend(status);
        overflowed = status.overflow();
        if (!status.pending()) {
            return 0;
        }
        first = status.firstIndex();
        return first < slots ? copy() : INCONSISTENT;
    }

    private int copy() {
        int count = 0;
        for (int slot = first; count < slots; slot = (slot + 1) % slots, count++) {
            long address = base + (long) slot * BYTES;
            long high = registers.read64(address + Long.BYTES);
            if (high >= 0 || registers.isGone()) {
                return count;
            }
            copies.putLong(slot * BYTES, registers.read64(address));
            copies.putLong(slot * BYTES + Long.BYTES, high);
        }
        return count;
    }

    @Override
    public int first() {
        return first;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public ByteBuffer memory() {
        return copies;
    }

    @Override
    public void consumed(int n) {
        for (int i = 0; i < n; i++, first = (first + 1) % slots) {
            registers.write32(base + (long) first * BYTES + LAST_WORD, F);
        }
    }

    @Override
    public boolean overflowed() {
        return overflowed;
    }

    @Override
    public void acknowledge() {
        registers.write32(UnitRegisters.FSTS, PFO);
        overflowed = false;
    }

    @Override
    public boolean listen(Runnable listener) {
        return attention.listen(listener);
    }
}
