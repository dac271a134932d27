package io.faultline.kernellog.internal;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.faultline.log.LineDecoder.Session;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What the installed decoders keep for one log.
 *
 * <p><b>Threads.</b> One reads; {@link #leave} comes from any.
 */
final class Sessions {
    private enum Call {
        LINE,
        IDLE,
        END;

        int on(Session session, LogLine line, Reports out) {
            return switch (this) {
                case LINE -> session.line(line, out);
                case IDLE -> {
                    session.idle(out);
                    yield 0;
                }
                case END -> {
                    session.end(out);
                    yield 0;
                }
            };
        }
    }

    private final String source;
    private final InstalledDecoders installed;

    /** Held while a decoder is called, see {@link InstalledDecoders}. */
    private final ReentrantLock calls = new ReentrantLock();

    /** What leavers said last, for the reader to pass on; guarded by {@link #calls}. */
    private final List<Consumer<LineSink>> lastWords = new ArrayList<>();

    private volatile boolean anyLastWords;

    private DecoderSet set = new DecoderSet(List.of());
    private Session[] sessions = {};
    private int[] wants = {};
    private boolean wanting;
    private InstalledDecoder running;
    private LogLine lastLine = Reports.NO_LINE;

    Sessions(String source, InstalledDecoders installed) {
        this.source = source;
        this.installed = installed;
    }

    /** Before the first line is read. */
    void begin() {
        installed.opened(this);
    }

    /**
     * The search for the literals of the decoders that are installed now.
     *
     * @param out takes what leavers say last
     */
    LiteralSearch search(Spelling spelling, Reports out) {
        catchUp(out);
        return set.search(spelling);
    }

    /** Passes on what leavers said last, and takes up the decoders that are installed now. */
    void catchUp(Reports out) {
        if (anyLastWords) {
            passOnLastWords(out);
        }
        DecoderSet now = installed.current();
        if (now != set) {
            adopt(now, out);
        }
    }

    private void adopt(DecoderSet now, Reports out) {
        calls.lock();
        try {
            List<InstalledDecoder> decoders = now.decoders();
            Session[] kept = new Session[decoders.size()];
            int[] keptWants = new int[decoders.size()];
            for (int i = 0; i < sessions.length; i++) {
                int place = decoders.indexOf(set.decoders().get(i));
                if (place >= 0) {
                    kept[place] = sessions[i];
                    keptWants[place] = wants[i];
                } else {
                    end(i, out);
                }
            }
            set = now;
            sessions = kept;
            wants = keptWants;
            wanting = anyWants();
        } finally {
            calls.unlock();
        }
    }

    private boolean anyWants() {
        for (int want : wants) {
            if (want > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether some session asked for the next line, whatever it holds. */
    boolean wanting() {
        return wanting;
    }

    /** Gives a line to those who own a literal in it and to those who asked for it. */
    void line(LogLine line, long owners, Reports out) {
        if ((owners & ~DecoderSet.OWN) == 0 && !wanting) {
            return;
        }
        calls.lock();
        try {
            lastLine = line;
            for (int i = 0; i < sessions.length; i++) {
                InstalledDecoder decoder = set.decoders().get(i);
                boolean owns = (owners & decoder.ownerBit()) != 0;
                if ((owns || wants[i] > 0) && !decoder.gone()) {
                    wants[i] = Math.max(0, call(Call.LINE, i, line, out));
                }
            }
            wanting = anyWants();
        } finally {
            calls.unlock();
        }
    }

    /** Calls a decoder; what it throws is its defect, and costs it its session. */
    private int call(Call call, int i, LogLine line, Reports out) {
        InstalledDecoder caller = running;
        InstalledDecoder decoder = set.decoders().get(i);
        running = decoder;
        try {
            if (sessions[i] == null) {
                sessions[i] = decoder.open(source);
            }
            return call.on(sessions[i], line, out);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            sessions[i] = null;
            defect(decoder, e, out);
            return 0;
        } finally {
            out.forget();
            running = caller;
        }
    }

    /** The line counts as malformed (R5); what the session knew is not trusted any more. */
    private static void defect(InstalledDecoder decoder, Throwable e, Reports out) {
        out.forget();
        out.unit(decoder.arch(), null).malformed("decoder_defect", 0, 0, 0, 0);
        if (decoder.failsForTheFirstTime()) {
            Messages.LOG.log(
                    Level.ERROR,
                    "kernellog: " + decoder + " failed at a line; it is counted as malformed",
                    e);
        }
    }

    /** The log has ended, or has a gap: what spans several lines is not carried over it. */
    void end(Reports out) {
        catchUp(out);
        calls.lock();
        try {
            for (int i = 0; i < sessions.length; i++) {
                end(i, out);
            }
            wanting = false;
        } finally {
            calls.unlock();
        }
    }

    private void end(int i, Reports out) {
        wants[i] = 0;
        if (sessions[i] != null && !set.decoders().get(i).left()) {
            call(Call.END, i, null, out);
        }
        sessions[i] = null;
    }

    /** The log has been silent for a while; it goes on. */
    void idle(Reports out) {
        calls.lock();
        try {
            for (int i = 0; i < sessions.length; i++) {
                if (sessions[i] != null && !set.decoders().get(i).gone()) {
                    call(Call.IDLE, i, null, out);
                }
            }
        } finally {
            calls.unlock();
        }
    }

    /**
     * Ends a leaver's session and returns when no call into it runs. Its last reports are kept for
     * the reader, whose sink is not ours to call.
     *
     * @param deadlineNanos a call that still runs then is given up
     */
    void leave(InstalledDecoder leaver, long deadlineNanos) {
        boolean locked = false;
        try {
            locked = calls.tryLock(deadlineNanos - System.nanoTime(), NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!locked) {
            Messages.LOG.log(
                    Level.WARNING,
                    "kernellog: {0} leaves while {1} is in a call into a decoder that does not"
                            + " return; not waiting for it any longer",
                    leaver,
                    source);
            return;
        }
        try {
            int i = set.decoders().indexOf(leaver);
            // If this very thread is inside the leaver, its session cannot be called a second time.
            if (i >= 0 && running != leaver) {
                Reports out = new Reports();
                out.to(new RecordedReports(lastWords).sink());
                out.line(lastLine, false);
                end(i, out);
                anyLastWords = !lastWords.isEmpty();
            }
        } finally {
            calls.unlock();
        }
    }

    private void passOnLastWords(Reports out) {
        calls.lock();
        try {
            lastWords.forEach(words -> words.accept(out));
            lastWords.clear();
            anyLastWords = false;
        } finally {
            calls.unlock();
        }
    }

    /** Ends nothing: nobody is there to be told. */
    void close() {
        installed.closed(this);
    }
}
