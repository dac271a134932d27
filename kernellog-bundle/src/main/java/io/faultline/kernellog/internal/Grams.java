package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Literals by some grams (short runs of bytes) of each: as many neighbouring ones as a stride is
 * long, so that one of them is at a place that is looked at, whichever place the literal has.
 * Immutable.
 */
final class Grams {
    private static final int SLOT_BITS = 14;
    private static final int GOLDEN_RATIO = 0x9E37_79B1;

    private final int gramBytes;
    private final int stride;
    private final List<Literal> literals;

    /** By slot: not 0 if a gram of ours has it. */
    private final byte[] filter = new byte[1 << SLOT_BITS];

    /** By slot: the first of its grams plus 1, or 0. */
    private final int[] chains = new int[1 << SLOT_BITS];

    private final int[] next;
    private final int[] offsets;

    /** A literal, ASCII, and the bit of who asked for it. */
    record Literal(String text, long owner) {}

    /**
     * @param gramBytes 2 or 4
     * @param stride between the places that are looked at
     * @param literals each of at least {@code stride + gramBytes - 1} characters
     */
    Grams(int gramBytes, int stride, List<Literal> literals) {
        this.gramBytes = gramBytes;
        this.stride = stride;
        this.literals = List.copyOf(literals);
        this.next = new int[stride * literals.size()];
        this.offsets = new int[next.length];
        for (int i = 0; i < literals.size(); i++) {
            learn(i, literals.get(i).text().getBytes(US_ASCII));
        }
    }

    private void learn(int literal, byte[] bytes) {
        ByteBuffer text = LiteralSearch.littleEndian(bytes);
        int first = rarest(bytes);
        for (int i = 0; i < stride; i++) {
            int gram = literal * stride + i;
            int slot = slotAt(text, first + i);
            offsets[gram] = first + i;
            next[gram] = chains[slot];
            chains[slot] = gram + 1;
            filter[slot] = 1;
        }
    }

    /** Where the grams begin that an ordinary log has least often. */
    private int rarest(byte[] literal) {
        int best = 0;
        long bestCost = Long.MAX_VALUE;
        for (int at = 0; at + stride + gramBytes - 1 <= literal.length; at++) {
            long cost = 0;
            for (int gram = at; gram < at + stride; gram++) {
                long share = 1;
                for (int i = gram; i < gram + gramBytes; i++) {
                    share *= share(literal[i]);
                }
                cost += share;
            }
            if (cost < bestCost) {
                bestCost = cost;
                best = at;
            }
        }
        return best;
    }

    /** The share that a byte has in a kernel log, in percent, roughly, as counted in boot logs. */
    private static int share(byte b) {
        if (b == ' ') {
            return 12;
        }
        if (b == '0') {
            return 9;
        }
        if ((b >= '1' && b <= '9') || b == 'e' || b == ':' || b == '[' || b == ']') {
            return 4;
        }
        return b >= 'a' && b <= 'z' ? 3 : 1;
    }

    /** Not 0 if the four bytes at a place may be a gram of ours. */
    int quad(ByteBuffer text, int at) {
        return filter[slot(text.getInt(at))];
    }

    /** Not 0 if the two bytes at a place may be a gram of ours. */
    int pair(ByteBuffer text, int at) {
        return filter[slot(text.getShort(at))];
    }

    private static int slot(int gram) {
        return (gram * GOLDEN_RATIO) >>> (Integer.SIZE - SLOT_BITS);
    }

    private int slotAt(ByteBuffer text, int at) {
        return slot(gramBytes == Short.BYTES ? text.getShort(at) : text.getInt(at));
    }

    /**
     * Whose literals have their gram at a place.
     *
     * @return a bit for each owner
     */
    long owners(ByteBuffer text, int at, int from, int to) {
        long owners = 0;
        for (int gram = chains[slotAt(text, at)]; gram != 0; gram = next[gram - 1]) {
            Literal literal = literals.get((gram - 1) / stride);
            int start = at - offsets[gram - 1];
            if (start >= from && isAt(text, start, to, literal.text())) {
                owners |= literal.owner();
            }
        }
        return owners;
    }

    private static boolean isAt(ByteBuffer text, int at, int to, String literal) {
        if (to - at < literal.length()) {
            return false;
        }
        for (int i = 0; i < literal.length(); i++) {
            if (text.get(at + i) != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whose literals a text has anywhere. */
    long ownersWithin(ByteBuffer text, int from, int to) {
        long owners = 0;
        for (int at = first(from); at <= to - gramBytes; at += stride) {
            owners |= owners(text, at, from, to);
        }
        return owners;
    }

    /** The first place at or behind a place where a literal of the rest has its gram. */
    int find(ByteBuffer text, int place, int from, int to) {
        for (int at = place; at <= to - gramBytes; at += stride) {
            if (owners(text, at, from, to) != 0) {
                return at;
            }
        }
        return to;
    }

    /** The first place to look at in a text. */
    int first(int from) {
        return from + stride - 1;
    }
}
