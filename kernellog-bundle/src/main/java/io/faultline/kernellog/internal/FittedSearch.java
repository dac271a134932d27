package io.faultline.kernellog.internal;

import java.nio.ByteBuffer;

/**
 * Searches one log. Once that has turned out to be long, the search is fitted to what the log holds
 * just then; and again when it is much longer: it may be a boot that it begins with.
 *
 * <p><b>Threads.</b> One.
 */
final class FittedSearch {
    /** By then it has cost as much not to be fitted as fitting costs: one or two milliseconds. */
    private static final int FIRST_BYTES = 1 << 24;

    /** So many times as long, it is fitted again. */
    private static final int AGAIN = 16;

    /** Nearly as much as a log's buffer always comes to hold. */
    private static final int SAMPLE_BYTES = 5 << 15;

    private final int firstBytes;
    private final int sampleBytes;
    private LiteralSearch unfitted;
    private LiteralSearch search;
    private long searched;
    private long fitAt;

    FittedSearch() {
        this(FIRST_BYTES, SAMPLE_BYTES);
    }

    /**
     * @param firstBytes so many are searched before it is fitted
     * @param sampleBytes it is fitted to so many
     */
    FittedSearch(int firstBytes, int sampleBytes) {
        this.firstBytes = firstBytes;
        this.sampleBytes = sampleBytes;
    }

    /**
     * Finds a place in the first line that has a literal.
     *
     * @param wanted the search for what is wanted now, fitted to no log
     * @param text little-endian; what is before {@code to} is the log's
     * @return as {@link LiteralSearch#next}
     */
    int next(LiteralSearch wanted, ByteBuffer text, int from, int to) {
        if (wanted != unfitted) {
            unfitted = wanted;
            search = wanted;
            fitAt = firstBytes;
        }
        if (searched >= fitAt && to >= sampleBytes) {
            search = unfitted.fittedTo(text, to - sampleBytes, to);
            fitAt = searched * AGAIN;
        }
        int found = search.next(text, from, to);
        searched += found - from;
        return found;
    }
}
