package io.faultline.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Two ways of doing the same, measured in pairs: of each pair the ratio is taken; told are the
 * median of the ratios and the interval in which it lies with 95 % (bootstrap). Whatever else the
 * machine does meets both of a pair alike, if the order changes from pair to pair.
 */
public final class Pairs {
    private static final int RESAMPLES = 10_000;

    private final double[] seconds;
    private final double[] peerSeconds;
    private int count;

    /**
     * Room for so many pairs.
     *
     * @param rounds at least 1
     */
    public Pairs(int rounds) {
        this.seconds = new double[rounds];
        this.peerSeconds = new double[rounds];
    }

    /**
     * Measures one way or the other.
     *
     * @param <E> what can go wrong
     */
    public interface Way<E extends Exception> {
        /**
         * Does it once.
         *
         * @return how many seconds it took
         * @throws E if it went wrong
         */
        double seconds() throws E;
    }

    /**
     * Measures all pairs.
     *
     * @param <E> what can go wrong
     * @param way what is asked about
     * @param peer what it is compared with
     * @return this
     * @throws E if one of them went wrong
     */
    public <E extends Exception> Pairs measure(Way<E> way, Way<E> peer) throws E {
        for (; count < seconds.length; count++) {
            if (count % 2 == 0) {
                seconds[count] = way.seconds();
                peerSeconds[count] = peer.seconds();
            } else {
                peerSeconds[count] = peer.seconds();
                seconds[count] = way.seconds();
            }
        }
        return this;
    }

    /**
     * The result in one line.
     *
     * @param what what was done
     * @param way how the one is called, after "with"
     * @param peer how the other is called
     * @return for example {@code 20 lines 0.978 s with all, 0.838 s with two: +16.7 % (+12.2 to
     *     +17.8), 20 pairs}
     */
    public String tell(String what, String way, String peer) {
        double[] ratios = new double[count];
        Arrays.setAll(ratios, i -> seconds[i] / peerSeconds[i]);
        double[] medians = resampled(ratios);
        return String.format(
                Locale.ROOT,
                "%-18s %6.3f s with %s, %6.3f s with %s: %+5.1f %% (%+.1f to %+.1f), %d pairs",
                what,
                LogScan.median(seconds),
                way,
                LogScan.median(peerSeconds),
                peer,
                percent(LogScan.median(ratios)),
                percent(medians[(int) (RESAMPLES * 0.025)]),
                percent(medians[(int) (RESAMPLES * 0.975)]),
                count);
    }

    private static double percent(double ratio) {
        return (ratio - 1) * 100;
    }

    /** The medians of as many drawings from the ratios, sorted; the same at each run. */
    private static double[] resampled(double[] ratios) {
        Random random = new Random(1);
        double[] medians = new double[RESAMPLES];
        double[] drawn = new double[ratios.length];
        for (int i = 0; i < RESAMPLES; i++) {
            Arrays.setAll(drawn, j -> ratios[random.nextInt(ratios.length)]);
            medians[i] = LogScan.median(drawn);
        }
        Arrays.sort(medians);
        return medians;
    }
}
