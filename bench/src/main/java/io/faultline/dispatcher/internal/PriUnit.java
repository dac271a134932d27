package io.faultline.dispatcher.internal;

import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.internal.ResidentSpaces;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An SMMUv3 whose PRI queue always holds page requests: groups of one, from some devices, for pages
 * in turn. It counts its answers, and shows no more requests than may be outstanding.
 */
final class PriUnit implements HardwareUnit, RecordQueue, CommandPort {
    static final int FIRST_DEVICE = 0x100;
    static final int DEVICES = 16;
    static final int PASIDS = 4;

    /** Pages that each address space is asked for, in turn. */
    static final int PAGES = 4096;

    static final long FIRST_PAGE = 0x10_0000;

    static final int RECORD_BYTES = 16;
    private static final int SLOTS = 1 << 16;
    private static final long SSV_LAST_WRITE_READ = 0xfL << 60;

    private final Unit unit;
    private final int batch;
    private final int mostOutstanding;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(SLOTS * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long read;
    private final AtomicLong answers = new AtomicLong();

    /** What the devices of some units ask for, all of it resident. */
    static AddressSpaces spaces(List<String> units, boolean mayBlock) {
        return ResidentSpaces.of(
                units, FIRST_DEVICE, DEVICES, PASIDS, FIRST_PAGE << 12, PAGES, mayBlock);
    }

    PriUnit(String name, int batch, int mostOutstanding) {
        this.unit = new Unit("smmuv3", name);
        this.batch = batch;
        this.mostOutstanding = mostOutstanding;
        for (int i = 0; i < SLOTS; i++) {
            write(memory, i, i);
        }
    }

    /** Writes request number {@code i} into a slot: a group of one. */
    static void write(ByteBuffer memory, int slot, long i) {
        // devices in turn, so that an index comes back only after 512 requests of its device
        long device = FIRST_DEVICE + i % DEVICES;
        long pasid = 1 + i / DEVICES % PASIDS;
        long page = i / (DEVICES * PASIDS) % PAGES;
        long index = i / DEVICES & 0x1ff;
        memory.putLong(slot * RECORD_BYTES, SSV_LAST_WRITE_READ | pasid << 32 | device);
        memory.putLong(slot * RECORD_BYTES + 8, (FIRST_PAGE + page) << 12 | index);
    }

    long answers() {
        return answers.get();
    }

    @Override
    public boolean submit(ByteBuffer command) {
        answers.setPlain(answers.getPlain() + 1); // by the lane only
        return true;
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<RecordQueue> queues() {
        return List.of(this);
    }

    @Override
    public CommandPort port() {
        return this;
    }

    @Override
    public String kind() {
        return "priq";
    }

    @Override
    public int available() {
        long room = mostOutstanding - (read - answers.getPlain());
        return (int) Math.min(batch, room);
    }

    @Override
    public int first() {
        return (int) (read & (SLOTS - 1));
    }

    @Override
    public int slots() {
        return SLOTS;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public void consumed(int n) {
        read += n;
    }

    @Override
    public boolean overflowed() {
        return false;
    }

    @Override
    public void acknowledge() {
        throw new IllegalStateException("never overflows");
    }
}
