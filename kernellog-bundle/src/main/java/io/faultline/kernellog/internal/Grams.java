package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Literals by some grams (four neighbouring bytes) of each: as many neighbouring ones as a stride
 * is long, so that one of them is at a place that is looked at, wherever the literal stands.
 * Immutable.
 */
final class Grams {
    private static final int SLOT_BITS = 16;
    private static final int GOLDEN_RATIO = 0x9E37_79B1;

    private final int stride;
    private final List<Literal> literals;

    /** By slot: 1 if a gram of ours has it, else 0. */
    private final byte[] filter = new byte[1 << SLOT_BITS];

    /** By slot: the first of its grams plus 1, or 0. */
    private final int[] chains = new int[1 << SLOT_BITS];

    private final int[] next;
    private final int[] offsets;

    /** A literal, ASCII, and the bit of who asked for it. */
    record Literal(String text, long owner) {
        boolean isAt(ByteBuffer bytes, int at, int to) {
            if (to - at < text.length()) {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                if (bytes.get(at + i) != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * @param stride between the places that are looked at
     * @param literals each of at least {@code stride + 3} characters
     */
    Grams(int stride, List<Literal> literals) {
        this.stride = stride;
        this.literals = List.copyOf(literals);
        this.next = new int[stride * literals.size()];
        this.offsets = new int[next.length];
        for (int i = 0; i < literals.size(); i++) {
            learn(i, literals.get(i).text());
        }
    }

    private void learn(int literal, String text) {
        ByteBuffer bytes = LiteralSearch.littleEndian(text.getBytes(US_ASCII));
        int first = rarest(text, stride, Integer.BYTES);
        for (int i = 0; i < stride; i++) {
            int gram = literal * stride + i;
            int slot = slot(bytes.getInt(first + i));
            offsets[gram] = first + i;
            next[gram] = chains[slot];
            chains[slot] = gram + 1;
            filter[slot] = 1;
        }
    }

    /** Where the neighbouring grams of a text begin that an ordinary log has least often. */
    static int rarest(String text, int grams, int gramBytes) {
        int best = 0;
        long bestCost = Long.MAX_VALUE;
        for (int at = 0; at + grams + gramBytes - 1 <= text.length(); at++) {
            long cost = 0;
            for (int gram = at; gram < at + grams; gram++) {
                long share = 1;
                for (int i = gram; i < gram + gramBytes; i++) {
                    share *= share(text.charAt(i));
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

    /** The share that a character has in a kernel log, in percent, roughly, as in boot logs. */
    private static int share(char c) {
        if (c == ' ') {
            return 12;
        }
        if (c == '0') {
            return 9;
        }
        if ((c >= '1' && c <= '9') || c == 'e' || c == ':' || c == '[' || c == ']') {
            return 4;
        }
        return c >= 'a' && c <= 'z' ? 3 : 1;
    }

    private static int slot(int gram) {
        return (gram * GOLDEN_RATIO) >>> (Integer.SIZE - SLOT_BITS);
    }

    /** The first place to look at in a text. */
    int first(int from) {
        return from + stride - 1;
    }

    /**
     * The first place where a literal has its gram.
     *
     * @param place the first to look at
     * @param end no place from here on is looked at
     * @return a place before {@code end}; or else the next one to look at
     */
    int find(ByteBuffer text, int place, int end, int textFrom, int textTo) {
        byte[] passes = filter;
        int step = stride;
        int at = place;
        int last = Math.min(end, textTo - Integer.BYTES + 1) - 1;
        for (; at + 3 * step <= last; at += 4 * step) {
            int any =
                    passes[slot(text.getInt(at))]
                            | passes[slot(text.getInt(at + step))]
                            | passes[slot(text.getInt(at + 2 * step))]
                            | passes[slot(text.getInt(at + 3 * step))];
            if (any != 0) {
                int which = // without branches: none could be predicted
                        passes[slot(text.getInt(at))]
                                | passes[slot(text.getInt(at + step))] << 1
                                | passes[slot(text.getInt(at + 2 * step))] << 2
                                | passes[slot(text.getInt(at + 3 * step))] << 3;
                for (; which != 0; which &= which - 1) {
                    int passed = at + Integer.numberOfTrailingZeros(which) * step;
                    if (owners(text, passed, textFrom, textTo) != 0) {
                        return passed;
                    }
                }
            }
        }
        for (; at <= last; at += step) {
            if (owners(text, at, textFrom, textTo) != 0) {
                return at;
            }
        }
        return Math.max(at, end);
    }

    /** Whose literals have their gram at a place. */
    private long owners(ByteBuffer text, int at, int textFrom, int textTo) {
        long owners = 0;
        for (int gram = chains[slot(text.getInt(at))]; gram != 0; gram = next[gram - 1]) {
            Literal literal = literals.get((gram - 1) / stride);
            int start = at - offsets[gram - 1];
            if (start >= textFrom && literal.isAt(text, start, textTo)) {
                owners |= literal.owner();
            }
        }
        return owners;
    }

    /** Whose literals a text has anywhere. */
    long owners(ByteBuffer text, int from, int to) {
        long owners = 0;
        for (int at = first(from); at <= to - Integer.BYTES; at += stride) {
            if (filter[slot(text.getInt(at))] != 0) {
                owners |= owners(text, at, from, to);
            }
        }
        return owners;
    }
}
