package io.faultline.itest;

import io.faultline.fault.Access;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.FaultInResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An SMMUv3 whose devices ask for pages as fast as a generator lets them, with the address space
 * they ask in. Each group asks for {@link #MEMBERS} pages of its own, which are not there when it
 * is written; both sides write down what they see, so that they can be held to each other.
 *
 * <p>A group's key (stream and index) is used again once it was answered, as devices do.
 */
final class PagedUnit
        implements HardwareUnit, RecordQueue, CommandPort, AddressSpaces, AddressSpace {
    static final int MEMBERS = 8;
    private static final int STREAMS = 64;
    private static final int INDICES = 512;
    private static final int KEYS = STREAMS * INDICES;
    private static final int SLOTS = 1 << 16;
    private static final int RECORD_BYTES = 16;
    private static final int MOST_GAPS = 4_000_000;

    private static final int FREE = 0;
    private static final int ASKED = 1;

    private final Unit unit;
    private final boolean blocks;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(SLOTS * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final AtomicLong produced = new AtomicLong();
    private final AtomicLong consumed = new AtomicLong();

    /** By key: whether its group waits for its answer. */
    private final AtomicIntegerArray asked = new AtomicIntegerArray(KEYS);

    /** By page: whether it is there. The generator takes a page away, the space brings it in. */
    private final AtomicIntegerArray pages = new AtomicIntegerArray(KEYS * MEMBERS);

    private final AtomicLong broughtIn = new AtomicLong();

    /** Only the lane that answers writes these. */
    final AtomicLong answered = new AtomicLong();

    final AtomicLong notSuccess = new AtomicLong();
    final AtomicLong answeredTwice = new AtomicLong();
    final AtomicLong answeredEarly = new AtomicLong();

    private long groups;

    /** How long a busy lane took from one look at the queue to the next. */
    private final int[] gaps = new int[MOST_GAPS];

    private int gapCount;
    private long lookedNanos;
    private boolean wasBusy;

    PagedUnit(String name) {
        this(name, false);
    }

    /** One whose address space says whether it may block, so that a pool asks it or the lane. */
    PagedUnit(String name, boolean blocks) {
        unit = new Unit("smmuv3", name);
        this.blocks = blocks;
    }

    // --- the generator's side; one thread

    /**
     * Writes one group, all its records, if there is room and its key is free.
     *
     * @return whether it was written
     */
    boolean ask() {
        int key = (int) (groups % KEYS);
        if (produced.get() + MEMBERS - consumed.get() > SLOTS || asked.get(key) != FREE) {
            return false;
        }
        for (int i = 0; i < MEMBERS; i++) {
            pages.setPlain(key * MEMBERS + i, 0);
        }
        asked.setRelease(key, ASKED);
        int stream = key / INDICES;
        int index = key % INDICES;
        long at = produced.get();
        for (int i = 0; i < MEMBERS; i++) {
            long[] record =
                    Smmu.request(stream, 1, index, i == MEMBERS - 1, (key * MEMBERS + i) * 4096L);
            int slot = (int) ((at + i) % SLOTS) * RECORD_BYTES;
            memory.putLong(slot, record[0]);
            memory.putLong(slot + Long.BYTES, record[1]);
        }
        groups++;
        produced.set(at + MEMBERS);
        return true;
    }

    long groups() {
        return groups;
    }

    long broughtIn() {
        return broughtIn.get();
    }

    /** The gaps since the last call, in ns, sorted. Between two measurements. */
    int[] takeGaps() {
        int[] taken = Arrays.copyOf(gaps, gapCount);
        gapCount = 0;
        Arrays.sort(taken);
        return taken;
    }

    // --- the unit's side

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
    public boolean submit(ByteBuffer command) {
        throw new AssertionError("answers come with their group");
    }

    @Override
    public boolean submit(ByteBuffer command, PageRequestGroup group, Response response) {
        int key = group.requester() * INDICES + group.groupIndex();
        if (response != Response.SUCCESS) {
            notSuccess.incrementAndGet();
        }
        for (int i = 0; i < MEMBERS; i++) {
            if (pages.get(key * MEMBERS + i) == 0) {
                answeredEarly.incrementAndGet();
            }
        }
        if (!asked.compareAndSet(key, ASKED, FREE)) {
            answeredTwice.incrementAndGet();
        }
        answered.incrementAndGet();
        return true;
    }

    @Override
    public String kind() {
        return "priq";
    }

    @Override
    public int available() {
        long now = System.nanoTime();
        if (wasBusy && gapCount < MOST_GAPS) {
            gaps[gapCount++] = (int) Math.min(now - lookedNanos, Integer.MAX_VALUE);
        }
        lookedNanos = now;
        int available = (int) (produced.get() - consumed.get());
        wasBusy = available > 0;
        return available;
    }

    @Override
    public int first() {
        return (int) (consumed.get() % SLOTS);
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
        consumed.addAndGet(n);
    }

    @Override
    public boolean overflowed() {
        return false;
    }

    @Override
    public void acknowledge() {
        throw new AssertionError("it never overflows");
    }

    // --- the address space's side

    @Override
    public AddressSpace find(Unit of, int requester, int pasid, int stage) {
        return unit.equals(of) ? this : null;
    }

    @Override
    public String name() {
        return "pages of " + unit.name();
    }

    @Override
    public FaultInResult faultIn(long address, Access access) {
        pages.setRelease((int) (address / 4096), 1);
        broughtIn.incrementAndGet();
        return FaultInResult.RESIDENT;
    }

    @Override
    public FaultInResult probe(long address, Access access) {
        return FaultInResult.RESIDENT;
    }

    @Override
    public boolean mayBlock() {
        return blocks;
    }
}
