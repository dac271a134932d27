package io.faultline.kernellog.internal;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Literals that are too short to be found by {@link Grams} at a good stride: each is looked for on
 * its own, by its rarest two bytes, at seven places at a time. Immutable.
 */
final class ShortLiterals {
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    /** The last byte of a word has its neighbour in the next one. */
    private static final int PLACES = Long.BYTES - 1;

    private final List<Grams.Literal> literals;

    /** Where in a literal its two bytes are. */
    private final int[] offsets;

    /** Eight times the first of the two, and eight times the second. */
    private final long[] firsts;

    private final long[] seconds;

    ShortLiterals(List<Grams.Literal> literals) {
        this.literals = List.copyOf(literals);
        this.offsets = new int[literals.size()];
        this.firsts = new long[offsets.length];
        this.seconds = new long[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            String text = literals.get(i).text();
            offsets[i] = rarestPair(text);
            firsts[i] = text.charAt(offsets[i]) * LOW_BITS;
            seconds[i] = text.charAt(offsets[i] + 1) * LOW_BITS;
        }
    }

    private static int rarestPair(String text) {
        int rarest = 0;
        for (int at = 1; at < text.length() - 1; at++) {
            if (Grams.guess(text, at, 2) < Grams.guess(text, rarest, 2)) {
                rarest = at;
            }
        }
        return rarest;
    }

    /**
     * The first place in a part of a text where a literal has its two bytes.
     *
     * @param from where the part begins
     * @param to where it ends
     * @return {@code to} if there is none
     */
    int find(ByteBuffer text, int from, int to, int textFrom, int textTo) {
        int first = to;
        for (int i = 0; i < offsets.length; i++) {
            first = find(i, text, from, first, textFrom, textTo);
        }
        return first;
    }

    private int find(int literal, ByteBuffer text, int from, int to, int textFrom, int textTo) {
        long first = firsts[literal];
        long second = seconds[literal];
        int at = from;
        while (at < to && at <= textTo - Long.BYTES) {
            long word = text.getLong(at);
            long different = (word ^ first) | ((word >>> Byte.SIZE) ^ second);
            long found = (different - LOW_BITS) & ~different & HIGH_BITS;
            if (found == 0) {
                at += PLACES;
            } else {
                at += Long.numberOfTrailingZeros(found) / Byte.SIZE;
                if (at < to && isAt(literal, text, at, textFrom, textTo)) {
                    return at;
                }
                at++;
            }
        }
        for (; at < to; at++) {
            if (isAt(literal, text, at, textFrom, textTo)) {
                return at;
            }
        }
        return to;
    }

    private boolean isAt(int literal, ByteBuffer text, int at, int textFrom, int textTo) {
        int start = at - offsets[literal];
        return start >= textFrom && literals.get(literal).isAt(text, start, textTo);
    }

    /** Whose literals a text has anywhere. */
    long owners(ByteBuffer text, int from, int to) {
        long owners = 0;
        for (int i = 0; i < offsets.length; i++) {
            if (find(i, text, from, to, from, to) < to) {
                owners |= literals.get(i).owner();
            }
        }
        return owners;
    }
}
