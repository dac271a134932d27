package io.faultline.decode.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells on the terminal how far a long reading has come: one line, drawn over and over, and taken
 * away before anything else is printed, so that it never stands between the rows of a table.
 *
 * <p><b>Threads.</b> Safe for several: the reader draws, an interrupt takes it away.
 */
final class Progress {
    /** Shorter inputs are read before anybody would look. */
    static final long LONG_BYTES = 50_000_000;

    private static final long MEGABYTE = 1_000_000;

    /** How much is read between two looks at the clock. */
    private static final long STEP_BYTES = 4 * MEGABYTE;

    private static final long PERIOD_NANOS = 250_000_000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String ERASE = "\r\u001b[K";

    /** Takes what is drawn; null if nobody looks. */
    private final Consumer<String> terminal;

    private final long totalBytes;
    private final LongSupplier nanos;
    private final long begun;
    private long read;
    private long looked;
    private long quietUntil;
    private boolean drawn;

    /**
     * @param terminal takes text without line ends; null: nothing is drawn
     * @param totalBytes of all inputs, or 0 if that is not known
     */
    Progress(Consumer<String> terminal, long totalBytes, LongSupplier nanos) {
        this.terminal = terminal;
        this.totalBytes = totalBytes;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
        this.quietUntil = begun;
    }

    /** The same input, counted. */
    InputStream counted(InputStream in) {
        return terminal == null ? in : new Counted(in);
    }

    /** For inputs that are never long. */
    static Progress unseen() {
        return new Progress(null, 0, System::nanoTime);
    }

    private synchronized void count(int bytes) {
        read += Math.max(0, bytes);
        if (read - looked >= STEP_BYTES) {
            looked = read;
            long now = nanos.getAsLong();
            if (Math.max(read, totalBytes) > LONG_BYTES && now - quietUntil >= 0) {
                quietUntil = now + PERIOD_NANOS;
                drawn = true;
                terminal.accept(ERASE + text(now));
            }
        }
    }

    private String text(long now) {
        long megabytes = read / MEGABYTE;
        long perSecond = (long) (megabytes / Math.max(1e-3, (now - begun) / NANOS_PER_SECOND));
        return totalBytes == 0
                ? String.format(Locale.ROOT, "%,d MB read, %,d MB/s", megabytes, perSecond)
                : String.format(
                        Locale.ROOT,
                        "%,d of %,d MB read (%d %%), %,d MB/s",
                        megabytes,
                        totalBytes / MEGABYTE,
                        Math.min(100, read * 100 / totalBytes),
                        perSecond);
    }

    /** Something else is about to be printed. */
    synchronized void takeAway() {
        if (drawn) {
            drawn = false;
            quietUntil = nanos.getAsLong() + PERIOD_NANOS;
            terminal.accept(ERASE);
        }
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int n = super.read(bytes, from, length);
            count(n);
            return n;
        }
    }
}
