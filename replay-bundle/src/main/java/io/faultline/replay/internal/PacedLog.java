package io.faultline.replay.internal;

import io.faultline.handler.Ticker;
import io.faultline.log.LineSink;
import io.faultline.log.LogSource;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A log that says what it says at a rate, and again and again if it shall.
 *
 * <p>At recorded speed the first report comes at once, the others as long after it as the log's
 * times are apart; where those go back (two boots in one file), at once.
 */
final class PacedLog implements LogSource, Player {
    /** Opens the log, at its beginning. */
    interface Opener {
        LogSource open() throws IOException;
    }

    private final String name;
    private final Opener opener;
    private final Ticker ticker;
    private final Consumer<String> remark;

    /** The lane's; used at recorded speed. */
    private final HeldReports held = new HeldReports();

    /** Written by whoever configures, read by the lane. */
    private volatile Rate rate;

    private volatile boolean loop;
    private volatile boolean ended;

    /** Null between two rounds. Opened by the lane, closed by anybody. */
    private volatile LogSource log;

    private Rate followed;
    private long origin;
    private long told;
    private boolean toldInRound;
    private boolean hasFirstTime;
    private long firstTime;
    private boolean saidTimeless;

    /**
     * @param remark takes a sentence if the log has no times to go by
     */
    PacedLog(
            String name,
            Opener opener,
            Rate rate,
            boolean loop,
            Ticker ticker,
            Consumer<String> remark) {
        this.name = name;
        this.opener = opener;
        this.rate = rate;
        this.loop = loop;
        this.ticker = ticker;
        this.remark = remark;
    }

    @Override
    public synchronized boolean change(Rate newRate, boolean newLoop) {
        if (!ended) {
            rate = newRate;
            loop = newLoop;
        }
        return !ended;
    }

    @Override
    public boolean isRunningOut() {
        return !ended && !loop && rate.isUnlimited();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int read(LineSink out, int limit) throws IOException {
        if (ended) {
            return ENDED;
        }
        if (log == null) {
            log = opener.open();
        }
        Rate present = rate;
        long now = present.isUnlimited() ? 0 : ticker.nanos();
        if (!present.equals(followed)) {
            followed = present;
            begin(now);
        }
        int reports =
                present.equals(Rate.RECORDED)
                        ? readInTime(out, limit, now)
                        : readDue(
                                out, (int) Math.min(limit, present.dueAfter(now - origin) - told));
        if (reports == ENDED) {
            return endOfRound();
        }
        told += reports;
        toldInRound |= reports > 0;
        return reports;
    }

    private void begin(long now) {
        origin = now;
        told = 0;
        hasFirstTime = false;
    }

    private int readDue(LineSink out, int due) throws IOException {
        if (due <= 0) {
            return 0;
        }
        if (!held.isEmpty()) { // the rate was "recorded" before
            held.tell(out);
            return 1;
        }
        return log.read(out, due);
    }

    private int readInTime(LineSink out, int limit, long now) throws IOException {
        int reports = 0;
        while (reports < limit) {
            if (held.isEmpty()) {
                int read = log.read(held.sink(), 1);
                if (read == ENDED && reports == 0 && held.isEmpty()) {
                    return ENDED;
                }
                if (held.isEmpty()) {
                    return reports;
                }
            }
            if (!isDue(now)) {
                return reports;
            }
            held.tell(out);
            reports++;
        }
        return reports;
    }

    private boolean isDue(long now) {
        if (!held.hasTime()) {
            if (!saidTimeless) {
                saidTimeless = true;
                remark.accept(
                        name + ": rate=recorded, but its lines have no times: played at once");
            }
            return true;
        }
        if (!hasFirstTime) {
            hasFirstTime = true;
            firstTime = held.time();
            origin = now;
        }
        return held.time() - firstTime <= now - origin;
    }

    private int endOfRound() throws IOException {
        close();
        log = null;
        hasFirstTime = false;
        synchronized (this) {
            // A log that says nothing would be read for ever without anybody seeing why.
            ended = !loop || !toldInRound;
        }
        toldInRound = false;
        return ended ? ENDED : 0;
    }

    @Override
    public void close() throws IOException {
        LogSource open = log;
        if (open != null) {
            open.close();
        }
    }
}
