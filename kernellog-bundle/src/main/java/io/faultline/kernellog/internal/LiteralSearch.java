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
     * Only a gram (four neighbouring bytes) in every few bytes is looked at.
     *
     * Places    Of each literal, `stride` grams are known, whose offsets differ modulo the stride.
     *           Wherever the literal stands in the text, exactly one of them is at a place that is
     *           looked at: nothing is missed. The shortest literal bounds the stride.
     * Filter    The gram's hash picks a byte of a filter. Nearly all of these are 0: no step of the
     *           loop waits for the one before.
     * Around    Some bits of the byte before the gram and of the one behind it are hashed as well:
     *           `faul` stands in every `default`, but not behind an underscore. Where a gram is at the
     *           end of its literal, all that may be around it is in the filter.
     * Block     A branch at each place that passes would be guessed wrong each time. So what passes
     *           in a block is noted first, and looked at afterwards.
     * Choice    A literal longer than it has to be is known by those of its grams that pass the filter
     *           least often in a sample of the log, what has the same hash included. Without a sample,
     *           and among equal ones, a guess decides: digits and blanks are usual. What a search
     *           finds never depends on the choice.
     * Verify    A gram that passes leads to the literals that have it; each is compared in full.
     * Short     A short literal must not make the stride short for all. Those are few; each is looked
     *           for on its own, a word at a time, block by block beside the others.
     *
     * Checked by LiteralSearchTest against String.indexOf.
     */

    /** The shortest literal that can be searched for. */
    static final int SHORTEST = 4;

    /** From here on the stride is long enough. */
    private static final int LONG = 6;

    /** More short ones than that cost more than a short stride. */
    private static final int MOST_SHORT = 4;

    /** More would save little: from here on the bytes' way through the caches is what costs. */
    private static final int MAX_STRIDE = 16;

    private static final int BLOCK_BYTES = 1024;

    private final List<Grams.Literal> literals;
    private final Grams grams;

    /** Null if there are none, or too many. */
    private final ShortLiterals shortOnes;

    /**
     * @param literals what to find, each of at least {@link #SHORTEST} characters
     */
    LiteralSearch(List<Grams.Literal> literals) {
        this(literals, GramCounts.NONE);
    }

    private LiteralSearch(List<Grams.Literal> literals, GramCounts usual) {
        this.literals = List.copyOf(literals);
        List<Grams.Literal> few = new ArrayList<>();
        List<Grams.Literal> others = new ArrayList<>();
        for (Grams.Literal literal : literals) {
            boolean isShort = literal.text().length() < LONG && few.size() < MOST_SHORT;
            (isShort ? few : others).add(literal);
        }
        int stride = MAX_STRIDE;
        for (Grams.Literal literal : others) {
            stride = Math.min(stride, literal.text().length() - Integer.BYTES + 1);
        }
        grams = new Grams(stride, others, usual);
        shortOnes = few.isEmpty() ? null : new ShortLiterals(few);
    }

    /**
     * The same search, faster in a log of which this is a part.
     *
     * @param sample little-endian
     * @param from where the part begins
     * @param to where it ends
     */
    LiteralSearch fittedTo(ByteBuffer sample, int from, int to) {
        return new LiteralSearch(literals, new GramCounts(sample, from, to));
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
        int place = grams.first(from);
        if (shortOnes == null) {
            return Math.min(to, grams.find(text, place, to, from, to));
        }
        int block = from;
        while (block < to) {
            int end = Math.min(to, block + BLOCK_BYTES);
            int found = shortOnes.find(text, block, end, from, to);
            place = grams.find(text, place, found, from, to);
            if (place < found || found < end) {
                return Math.min(place, found);
            }
            block = end;
        }
        return to;
    }

    /**
     * Whose literals a text has.
     *
     * @return a bit for each owner
     */
    long owners(ByteBuffer text, int from, int to) {
        long owners = grams.owners(text, from, to);
        return shortOnes == null ? owners : owners | shortOnes.owners(text, from, to);
    }
}
