package io.faultline.itest;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.Verdict;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The hardware of the soak: one SMMUv3 page request queue with numbered groups, and all that its
 * handlers and it saw, in the order in which they saw it. The audit reads this and nothing else.
 */
final class SoakLog implements HardwareUnit, RecordQueue, CommandPort {
    private static final int SLOTS = 1024;
    private static final int RECORD_BYTES = 16;
    private static final int INDICES = 512;
    private static final int STREAMS = 8;
    private static final int KEYS = INDICES * STREAMS;

    /** What somebody wrote down about a group. */
    enum What {
        OFFERED,
        CONCLUDED,
        ANSWERED
    }

    /**
     * One entry.
     *
     * @param what what happened
     * @param number the group's
     * @param handler who; 0 for the hardware
     * @param verdict what it said; null if that does not count
     * @param response the answer of an ANSWERED
     */
    record Entry(What what, int number, int handler, Verdict verdict, Response response) {}

    private final Unit unit;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(SLOTS * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final boolean[] asked = new boolean[KEYS];
    private final int answersPerGroup;
    private List<Entry> entries = new ArrayList<>();
    private long produced;
    private long consumed;
    private long answered;
    private boolean paused;

    /** The last group that the first handler of the chain was offered. */
    private long begun;

    SoakLog(String name, boolean answersTwice) {
        this.unit = new Unit("smmuv3", name);
        this.answersPerGroup = answersTwice ? 2 : 1;
    }

    /** Nothing is asked from now on, or again; what has begun has ended. */
    synchronized void pause(boolean now) {
        paused = now;
    }

    /** Writes the next group, if there is room and its key is free. */
    synchronized boolean ask() {
        int key = (int) (produced % KEYS);
        if (paused || produced - consumed == SLOTS || asked[key]) {
            return false;
        }
        asked[key] = true;
        long[] record =
                Smmu.request(
                        key % STREAMS, 1, key / STREAMS, true, (produced & 0xffff_ffffL) << 12);
        int slot = (int) (produced % SLOTS) * RECORD_BYTES;
        memory.putLong(slot, record[0]);
        memory.putLong(slot + Long.BYTES, record[1]);
        produced++;
        return true;
    }

    static int number(long iova) {
        return (int) (iova >>> 12);
    }

    synchronized void add(What what, long iova, int handler, Verdict verdict) {
        entries.add(new Entry(what, number(iova), handler, verdict, null));
        if (handler == SoakHandler.FIRST && what == What.OFFERED) {
            begun = Math.max(begun, number(iova));
        }
    }

    synchronized boolean isQuiet() {
        return answered == produced;
    }

    synchronized long produced() {
        return produced;
    }

    /**
     * All groups before this one have gone down the chain once. Those that were read and stand
     * behind what a leaver left have not: they meet whoever comes until then.
     */
    synchronized long offeredSoFar() {
        return Math.min(consumed, begun);
    }

    /** What was written down since the last call. */
    synchronized List<Entry> take() {
        List<Entry> taken = entries;
        entries = new ArrayList<>();
        return taken;
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
    public boolean submit(ByteBuffer command) {
        throw new AssertionError("answers come with their group");
    }

    @Override
    public synchronized boolean submit(ByteBuffer command, PageRequestGroup group, Response r) {
        for (int i = 0; i < (number(group.iova()) % 97 == 0 ? answersPerGroup : 1); i++) {
            entries.add(new Entry(What.ANSWERED, number(group.iova()), 0, null, r));
        }
        int key = group.groupIndex() * STREAMS + group.requester();
        asked[key] = false;
        answered++;
        return true;
    }

    @Override
    public String kind() {
        return "priq";
    }

    @Override
    public synchronized int available() {
        return (int) (produced - consumed);
    }

    @Override
    public synchronized int first() {
        return (int) (consumed % SLOTS);
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
    public synchronized void consumed(int n) {
        consumed += n;
    }

    @Override
    public boolean overflowed() {
        return false;
    }

    @Override
    public void acknowledge() {
        throw new AssertionError("it never overflows");
    }

    @Override
    public String toString() {
        return unit.name() + Arrays.asList(produced(), offeredSoFar());
    }
}
