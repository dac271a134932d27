package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Literals by some grams (four neighbouring bytes) of each: as many as a stride is long, so that
 * one of them is at a place that is looked at, wherever the literal stands. Immutable.
 */
final class Grams {
    private static final int SLOT_BITS = 17;

    /** So many kinds of grams the filter tells apart. */
    static final int SLOTS = 1 << SLOT_BITS;

    private static final int CHAIN_BITS = 13;
    private static final int GOLDEN_RATIO = 0x9E37_79B1;
    private static final long LONG_GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    /** A gram is looked at in a word that begins with the byte before it. */
    static final int BEFORE = 1;

    /** So many bytes from a gram's begin its word ends. */
    static final int BEHIND = Long.BYTES - BEFORE;

    /** Of the byte before a gram the high bits count: is it a letter, a digit, something else. */
    private static final int BEFORE_BITS = 3;

    /** Of the byte behind a gram the low bits count. */
    private static final int BEHIND_BITS = 2;

    private static final int IGNORED_BITS = Byte.SIZE - BEFORE_BITS;

    /** So many places are looked at together. */
    private static final int GROUP = 4;

    /** So many groups are looked at before it is asked what they have: the bits of a word. */
    private static final int BLOCK = Long.SIZE;

    /**
     * So many groups are looked at one by one: where one literal was, another one is often near.
     */
    private static final int NEAR_GROUPS = 16;

    /** What a gram weighs for each time that a log has it; beside that a guess is little. */
    private static final long SEEN = 1L << 32;

    private final int stride;
    private final List<Literal> literals;

    /** By slot: 1 if it is that of one of our grams, with what may be around it; 0 for most. */
    private final byte[] filter = new byte[SLOTS];

    /** By hash of a gram alone: the first of those that have it plus 1, or 0. */
    private final int[] chains = new int[1 << CHAIN_BITS];

    private final int[] next;
    private final int[] offsets;

    /** By gram: up to eight bytes of its literal, those around it, and which of the eight count. */
    private final long[] words;

    private final long[] masks;

    /** By gram: where these bytes begin, seen from it. */
    private final int[] wordOffsets;

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
     * @param usual what the log holds, as far as that is known
     */
    Grams(int stride, List<Literal> literals, GramCounts usual) {
        this.stride = stride;
        this.literals = List.copyOf(literals);
        this.next = new int[stride * literals.size()];
        this.offsets = new int[next.length];
        this.words = new long[next.length];
        this.masks = new long[next.length];
        this.wordOffsets = new int[next.length];
        for (int i = 0; i < literals.size(); i++) {
            learn(i, literals.get(i).text(), usual);
        }
    }

    private void learn(int literal, String text, GramCounts usual) {
        ByteBuffer bytes =
                LiteralSearch.littleEndian(
                        Arrays.copyOf(text.getBytes(US_ASCII), text.length() + Long.BYTES));
        int[] rarest = rarest(text, stride, usual);
        for (int i = 0; i < stride; i++) {
            int gram = literal * stride + i;
            int chain = chain(bytes.getInt(rarest[i]));
            offsets[gram] = rarest[i];
            next[gram] = chains[chain];
            chains[chain] = gram + 1;
            for (int slot : slots(text, rarest[i])) {
                filter[slot] = 1;
            }
            learnWord(gram, bytes, text.length());
        }
    }

    /**
     * Where in a literal its grams are that a log has least often, one for each place that a stride
     * can meet it at: their distances to the first place are all different, modulo the stride.
     */
    static int[] rarest(String literal, int stride, GramCounts usual) {
        int[] rarest = new int[stride];
        long[] costs = new long[stride];
        for (int at = 0; at <= literal.length() - Integer.BYTES; at++) {
            long guess = guess(literal, at, Integer.BYTES);
            long cost = 0;
            for (int slot : slots(literal, at)) {
                cost += usual.of(slot) * SEEN + guess;
            }
            if (at < stride || cost < costs[at % stride]) {
                rarest[at % stride] = at;
                costs[at % stride] = cost;
            }
        }
        return rarest;
    }

    /** The slots of a gram of a literal: several, if it is not known what is before or behind. */
    private static int[] slots(String literal, int at) {
        int end = at + Integer.BYTES;
        boolean first = at == 0;
        boolean last = end == literal.length();
        int[] slots = new int[(first ? 1 << BEFORE_BITS : 1) * (last ? 1 << BEHIND_BITS : 1)];
        for (int i = 0; i < slots.length; i++) {
            int before = first ? i << IGNORED_BITS : literal.charAt(at - 1);
            int behind = last ? i >>> (first ? BEFORE_BITS : 0) : literal.charAt(end);
            slots[i] = slot(word(before, literal, at, behind));
        }
        return slots;
    }

    private static long word(int before, String literal, int at, int behind) {
        long word = behind;
        for (int i = at + Integer.BYTES - 1; i >= at; i--) {
            word = (word << Byte.SIZE) | literal.charAt(i);
        }
        return (word << Byte.SIZE) | (before & 0xff);
    }

    private void learnWord(int gram, ByteBuffer literal, int length) {
        int from = Math.max(0, Math.min(offsets[gram] - 2, length - Long.BYTES));
        int count = Math.min(Long.BYTES, length - from);
        masks[gram] = -1L >>> (Long.SIZE - count * Byte.SIZE);
        words[gram] = literal.getLong(from) & masks[gram];
        wordOffsets[gram] = from - offsets[gram];
    }

    /** The share that some characters have in an unknown log, roughly. */
    static long guess(String text, int from, int count) {
        long share = 1;
        for (int i = from; i < from + count; i++) {
            share *= share(text.charAt(i));
        }
        return share;
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

    /** Where in the filter a gram of a text is, with what is around it. */
    static int slot(ByteBuffer text, int at) {
        return slot(text.getLong(at - BEFORE));
    }

    /** The hash of those bits of a word that count; what is above them is lost in the product. */
    private static int slot(long word) {
        int bits = BEFORE_BITS + Integer.SIZE + BEHIND_BITS;
        long factor = LONG_GOLDEN_RATIO << (Long.SIZE - bits);
        return (int) (((word >>> IGNORED_BITS) * factor) >>> (Long.SIZE - SLOT_BITS));
    }

    private static int chain(int gram) {
        return (gram * GOLDEN_RATIO) >>> (Integer.SIZE - CHAIN_BITS);
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
        int step = stride;
        int last = Math.min(end, textTo - Integer.BYTES + 1) - 1;
        int lastWithWord = Math.min(last, textTo - BEHIND);
        int at = place;
        if (at < BEFORE && at <= last) {
            if (owners(text, at, textFrom, textTo) != 0) {
                return at;
            }
            at += step;
        }
        int near = at + NEAR_GROUPS * GROUP * step;
        while (at + (GROUP - 1) * step <= lastWithWord) {
            if (at >= near && at + (BLOCK * GROUP - 1) * step <= lastWithWord) {
                long groups = groupsThatPass(text, at - BEFORE);
                for (; groups != 0; groups &= groups - 1) {
                    int group = at + Long.numberOfTrailingZeros(groups) * GROUP * step;
                    int found = inGroup(text, group, textFrom, textTo);
                    if (found >= 0) {
                        return found;
                    }
                }
                at += BLOCK * GROUP * step;
            } else {
                if (anyPasses(text, at - BEFORE) != 0) {
                    int found = inGroup(text, at, textFrom, textTo);
                    if (found >= 0) {
                        return found;
                    }
                }
                at += GROUP * step;
            }
        }
        for (; at <= last; at += step) {
            if (owners(text, at, textFrom, textTo) != 0) {
                return at;
            }
        }
        return Math.max(at, end);
    }

    /**
     * Which of the groups of a block have a place that passes, a bit for each. Without branches:
     * few have, and which ones cannot be predicted.
     *
     * @param word where the word of the first place begins
     */
    private long groupsThatPass(ByteBuffer text, int word) {
        long groups = 0;
        int at = word;
        for (int group = 0; group < BLOCK; group++) {
            groups |= (long) anyPasses(text, at) << group;
            at += GROUP * stride;
        }
        return groups;
    }

    /** 1 if a gram at one of the places of a group may be ours, or 0. */
    private int anyPasses(ByteBuffer text, int word) {
        byte[] known = filter;
        int step = stride;
        return known[slot(text.getLong(word))]
                | known[slot(text.getLong(word + step))]
                | known[slot(text.getLong(word + 2 * step))]
                | known[slot(text.getLong(word + 3 * step))];
    }

    /** The first place of a group where a literal has its gram, or -1. */
    private int inGroup(ByteBuffer text, int group, int textFrom, int textTo) {
        byte[] known = filter;
        int step = stride;
        int which = // without branches: none could be predicted
                known[slot(text, group)]
                        | known[slot(text, group + step)] << 1
                        | known[slot(text, group + 2 * step)] << 2
                        | known[slot(text, group + 3 * step)] << 3;
        for (; which != 0; which &= which - 1) {
            int at = group + Integer.numberOfTrailingZeros(which) * step;
            if (owners(text, at, textFrom, textTo) != 0) {
                return at;
            }
        }
        return -1;
    }

    /** Whose literals have their gram at a place. */
    private long owners(ByteBuffer text, int at, int textFrom, int textTo) {
        long owners = 0;
        for (int gram = chains[chain(text.getInt(at))]; gram != 0; gram = next[gram - 1]) {
            int start = at - offsets[gram - 1];
            if (start >= textFrom && mayBeAt(text, at, gram - 1, textTo)) {
                Literal literal = literals.get((gram - 1) / stride);
                owners |= literal.isAt(text, start, textTo) ? literal.owner() : 0;
            }
        }
        return owners;
    }

    /** A quick look at what is around a gram: the filter lets many a wrong one pass. */
    private boolean mayBeAt(ByteBuffer text, int at, int gram, int textTo) {
        int word = at + wordOffsets[gram];
        return word > textTo - Long.BYTES
                || ((text.getLong(word) ^ words[gram]) & masks[gram]) == 0;
    }

    /** Whose literals a text has anywhere. */
    long owners(ByteBuffer text, int from, int to) {
        long owners = 0;
        for (int at = first(from); at <= to - Integer.BYTES; at += stride) {
            owners |= owners(text, at, from, to);
        }
        return owners;
    }
}
