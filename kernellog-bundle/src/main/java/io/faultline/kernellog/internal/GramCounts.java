package io.faultline.kernellog.internal;

import java.nio.ByteBuffer;

/** How often a part of a log has the grams of each slot of {@link Grams}, roughly. Immutable. */
final class GramCounts {
    /** Of no log. */
    static final GramCounts NONE = new GramCounts(ByteBuffer.allocate(0), 0, 0);

    /** Not every place is counted: what is frequent shows as well. */
    private static final int STEP = 11;

    private final char[] bySlot;

    /**
     * @param text little-endian
     * @param from where the part begins
     * @param to where it ends, less than 700 KB behind
     */
    GramCounts(ByteBuffer text, int from, int to) {
        int first = from + Grams.BEFORE;
        int last = to - Grams.BEHIND;
        this.bySlot = new char[last < first ? 0 : Grams.SLOTS];
        for (int at = first; at <= last; at += STEP) {
            bySlot[Grams.slot(text, at)]++;
        }
    }

    int of(int slot) {
        return bySlot.length == 0 ? 0 : bySlot[slot];
    }
}
