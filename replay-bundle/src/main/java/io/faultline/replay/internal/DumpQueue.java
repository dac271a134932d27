package io.faultline.replay.internal;

import io.faultline.handler.Ticker;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;

/*
 * Nobody writes records while they are read: all of them lie in the ring from the start, and what "the hardware has
 * written by now" is a number, worked out from the clock when the lane asks. So there is no producer thread, nothing is
 * copied, and a rate is exact whatever the lane's own rhythm: it finds as many records as are due, be it 1 or 1000.
 *
 * Order       The n-th record played is record n % records of the dump, in slot n % slots; slots is a multiple of records.
 * Threads     All fields but orders and ended belong to the lane. Whoever changes rate or loop stores new orders; the lane
 *             compares them and begins to count anew from what was due. That a queue ends and that it is given
 *             new orders exclude each other (the lock is taken at the end only).
 */

/** A dump as the queue of a unit that writes it at a rate. */
final class DumpQueue implements RecordQueue, Player {
    /** What to play by. */
    private record Orders(Rate rate, boolean loop) {}

    private final String kind;
    private final Dump dump;
    private final Ticker ticker;
    private final AnswerPort port;

    private volatile Orders orders;
    private volatile boolean ended;

    /** Nobody plays it at present. */
    private volatile boolean unheard;

    /** Followed at present; null before the lane's first look. */
    private Orders followed;

    /** When {@link #followed} began. */
    private long origin;

    /** How many records were due then. */
    private long base;

    /** How many records are ever due, as things stand. */
    private long end;

    private long consumed;
    private int first;

    /**
     * @param rate as recorded only if the dump has times
     * @param port that of the same unit: told when there is time to flush what it wrote
     */
    DumpQueue(String kind, Dump dump, Rate rate, boolean loop, Ticker ticker, AnswerPort port) {
        this.kind = kind;
        this.dump = dump;
        this.ticker = ticker;
        this.port = port;
        this.orders = new Orders(rate, loop);
    }

    @Override
    public synchronized boolean change(Rate rate, boolean loop) {
        dump.checkHas(rate);
        if (!ended) {
            orders = new Orders(rate, loop);
        }
        return !ended;
    }

    @Override
    public boolean isRunningOut() {
        Orders present = orders;
        return !ended && !present.loop() && present.rate().isUnlimited();
    }

    @Override
    public String kind() {
        return kind;
    }

    /**
     * A dump plays as long as a lane is there for it, other than hardware, which has written what
     * it has written: devices of the past wait for no answers.
     */
    @Override
    public boolean listen(Runnable wake) {
        unheard = wake == null;
        return false;
    }

    @Override
    public int available() {
        if (unheard) {
            return 0;
        }
        long due = due();
        if (due > consumed) {
            return (int) Math.min(due - consumed, dump.slots());
        }
        port.flush();
        return due == end && hasEnded() ? ENDED : 0;
    }

    private long due() {
        Orders present = orders;
        if (present.equals(followed) && present.rate().isUnlimited()) {
            return end;
        }
        long now = ticker.nanos();
        if (!present.equals(followed)) {
            follow(present, now);
        }
        long since = dueAfter(now - origin);
        return since >= end - base ? end : base + since;
    }

    /** How many records are due some time after {@link #origin}. */
    private long dueAfter(long nanos) {
        if (!followed.rate().equals(Rate.RECORDED)) {
            return followed.rate().dueAfter(nanos);
        }
        return dump.records() == 0 ? 0 : dump.times().dueAfter(base, nanos);
    }

    private void follow(Orders next, long now) {
        if (followed != null) {
            // At the highest rate everything is due at once: what was not read yet is due anew.
            base = followed.rate().isUnlimited() ? consumed : base + sinceOrigin(now);
        }
        origin = now;
        followed = next;
        end = next.loop() && dump.records() > 0 ? Long.MAX_VALUE : endOfRound(base);
    }

    private long sinceOrigin(long now) {
        return Math.min(dueAfter(now - origin), end - base);
    }

    private long endOfRound(long due) {
        long records = Math.max(1, dump.records());
        return Math.max(1, (due + records - 1) / records) * dump.records();
    }

    private synchronized boolean hasEnded() {
        ended = orders.equals(followed);
        if (ended) {
            port.flushEachAnswer(); // the lane looks no more
        }
        return ended;
    }

    @Override
    public int first() {
        return first;
    }

    @Override
    public int slots() {
        return dump.slots();
    }

    @Override
    public ByteBuffer memory() {
        return dump.memory();
    }

    @Override
    public void consumed(int n) {
        consumed += n;
        int next = first + n;
        first = next < dump.slots() ? next : next - dump.slots();
    }

    /** A file waits: nothing is ever lost. */
    @Override
    public boolean overflowed() {
        return false;
    }

    @Override
    public void acknowledge() {
        // there is nothing to acknowledge
    }
}
