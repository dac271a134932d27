package io.faultline.kernellog.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds several ASCII literals in bytes, in one pass whose cost hardly depends on their number.
 * Immutable.
 */
final class LiteralSearch {
    /*
     * Only a gram (some neighbouring bytes) in every few bytes is looked at.
     *
     * Sample    Of each literal, the grams at `stride` neighbouring offsets are known. Wherever the
     *           literal stands in the text, exactly one of them is at a place that is looked at:
     *           nothing is missed. The shortest literal bounds the stride.
     * Filter    The gram's hash picks a byte of a filter. Nearly all of these are 0: no step of the
     *           loop waits for the one before, and its branches are easy to predict.
     * Choice    A literal longer than it has to be is known by its rarest grams: those of digits and
     *           blanks, of which logs are full, would pass the filter too often.
     * Verify    A gram that passes leads to the literals that have it; each is compared in full.
     * Short     One short literal must not make the stride short for all. If there is one, what is
     *           not long is known by grams of two bytes: these pass more often, but go further in a
     *           short text. The others keep a stride of their own, three times as long, so that one
     *           loop looks at both.
     *
     * Checked by LiteralSearchTest against String.indexOf.
     */

    /** The shortest literal that can be searched for. */
    static final int SHORTEST = 4;

    /** From here on four bytes at a time are the faster way for all. */
    private static final int ENOUGH_FOR_QUADS = 6;

    /** More would save little: from here on the bytes' way through the caches is what costs. */
    private static final int MAX_QUAD_STRIDE = 16;

    private static final int PAIR_STRIDE = SHORTEST - Short.BYTES + 1;
    private static final int LONG_STRIDE = 3 * PAIR_STRIDE;
    private static final int LONG = LONG_STRIDE + Integer.BYTES - 1;

    /** Null if there is no short literal. */
    private final Grams pairs;

    private final Grams quads;
    private final int quadStride;

    /**
     * @param literals what to find, each of at least {@link #SHORTEST} characters
     */
    LiteralSearch(List<Grams.Literal> literals) {
        int shortest = MAX_QUAD_STRIDE + Integer.BYTES - 1;
        List<Grams.Literal> shortOnes = new ArrayList<>();
        List<Grams.Literal> longOnes = new ArrayList<>();
        for (Grams.Literal literal : literals) {
            shortest = Math.min(shortest, literal.text().length());
            (literal.text().length() < LONG ? shortOnes : longOnes).add(literal);
        }
        boolean both = shortest < ENOUGH_FOR_QUADS;
        quadStride = both ? LONG_STRIDE : shortest - Integer.BYTES + 1;
        quads = new Grams(Integer.BYTES, quadStride, both ? longOnes : literals);
        pairs = both ? new Grams(Short.BYTES, PAIR_STRIDE, shortOnes) : null;
    }

    static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Finds a place in the first line that has a literal.
     *
     * @param text little-endian
     * @param from where the text begins, not inside a literal
     * @param to where it ends
     * @return a place inside a literal, with none in the lines before; {@code to} if there is none
     */
    int next(ByteBuffer text, int from, int to) {
        return pairs == null ? nextOfQuads(text, from, to) : nextOfBoth(text, from, to);
    }

    private int nextOfQuads(ByteBuffer text, int from, int to) {
        Grams grams = quads;
        int step = quadStride;
        int at = grams.first(from);
        for (int last = to - Integer.BYTES - 3 * step; at <= last; at += 4 * step) {
            int any =
                    grams.quad(text, at)
                            | grams.quad(text, at + step)
                            | grams.quad(text, at + 2 * step)
                            | grams.quad(text, at + 3 * step);
            if (any != 0) {
                for (int i = at; i < at + 4 * step; i += step) {
                    if (grams.owners(text, i, from, to) != 0) {
                        return i;
                    }
                }
            }
        }
        return grams.find(text, at, from, to);
    }

    private int nextOfBoth(ByteBuffer text, int from, int to) {
        Grams shortOnes = pairs;
        Grams longOnes = quads;
        int at = shortOnes.first(from);
        int quad = LONG_STRIDE - PAIR_STRIDE;
        for (int last = to - Integer.BYTES - quad; at <= last; at += LONG_STRIDE) {
            int any =
                    shortOnes.pair(text, at)
                            | shortOnes.pair(text, at + PAIR_STRIDE)
                            | shortOnes.pair(text, at + 2 * PAIR_STRIDE)
                            | longOnes.quad(text, at + quad);
            if (any != 0) {
                for (int i = at; i < at + LONG_STRIDE; i += PAIR_STRIDE) {
                    if (shortOnes.owners(text, i, from, to) != 0) {
                        return i;
                    }
                }
                if (longOnes.owners(text, at + quad, from, to) != 0) {
                    return at + quad;
                }
            }
        }
        int place = shortOnes.find(text, at, from, to);
        return Math.min(place, longOnes.find(text, at + quad, from, to));
    }

    /**
     * Whose literals a text has.
     *
     * @return a bit for each owner
     */
    long owners(ByteBuffer text, int from, int to) {
        long owners = quads.ownersWithin(text, from, to);
        return pairs == null ? owners : owners | pairs.ownersWithin(text, from, to);
    }
}
