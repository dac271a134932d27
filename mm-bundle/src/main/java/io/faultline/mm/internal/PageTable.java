package io.faultline.mm.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which pages of one area are resident: two bits a page, in a tree of the shape of hardware page
 * tables. A node has 512 entries, a leaf holds 512 pages in 128 bytes; the tree is as high as the
 * area needs it, and has nodes only where pages were brought in.
 *
 * <pre>
 *   5 levels for 2^57 bytes of 4 KiB pages; an area of 2 MiB is one leaf
 *
 *   44      36 35      27 26      18 17       9 8        0   page number in the area
 *  +----------+----------+----------+----------+----------+
 *  |   node   |   node   |   node   |   node   |   leaf   |  leaf: 16 words of 32 pages, 2 bits each
 *  +----------+----------+----------+----------+----------+
 * </pre>
 */
final class PageTable {
    /*
     * Nobody waits: the state of a page is two bits of one word.
     *
     * Raise       An atomic OR. The old word tells the one thread whose OR set a bit: it alone counts and logs the page.
     * Lower       An atomic AND; the old word tells which pages it was that took out.
     * Nodes       Come by CAS on an empty entry (release), are read by acquire, and stay as long as the table: a thread
     *             that has lost the race gives back what it reserved and uses the winner's.
     * Retired     The flag is set first, then all is lowered. A raise whose OR comes after that AND sees the flag and
     *             takes its own page out again; one that comes before is lowered. The same goes for the memory of nodes.
     * Checked by  PageTableStress (jcstress): a page becomes resident once, and a retired table ends empty.
     */
    static final int ABSENT = 0;
    static final int RESIDENT = 1;
    static final int WRITABLE = 3;

    /** In place of a state: there is no memory for a node. */
    static final int NO_MEMORY = -1;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle NODES = MethodHandles.arrayElementVarHandle(Object[].class);

    private static final int LEVEL_BITS = 9;
    private static final int FANOUT = 1 << LEVEL_BITS;
    private static final int PAGES_A_WORD = 32;
    private static final int ARRAY_HEADER_BYTES = 16;

    /** What a page of the lower bit of each pair is. */
    private static final long RESIDENT_BITS = 0x5555_5555_5555_5555L;

    /** Is told of pages. */
    interface Visitor {
        /** A page, by its number in the area, and the state that it had. */
        void visit(long page, int state);
    }

    private final long pages;
    private final int height;
    private final Budget memory;
    private final AtomicLong ownBytes = new AtomicLong();

    /** One entry: the root, a leaf if the height is 0. */
    private final Object[] root = new Object[1];

    private volatile boolean retired;

    /**
     * @param pages how many there are, at least 1
     * @param memory what nodes are taken from, in bytes
     */
    PageTable(long pages, Budget memory) {
        this.pages = pages;
        this.memory = memory;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
        this.height = Math.max(0, (bits - 1) / LEVEL_BITS);
    }

    /** The state of a page. */
    int state(long page) {
        long[] leaf = leaf(page, false);
        return leaf == null
                ? ABSENT
                : (int) ((long) WORDS.getAcquire(leaf, word(page)) >>> shift(page)) & WRITABLE;
    }

    /**
     * Makes a page resident, or writable.
     *
     * @param to {@link #RESIDENT} or {@link #WRITABLE}
     * @return the state it had, or {@link #NO_MEMORY}
     */
    int raise(long page, int to) {
        long[] leaf = leaf(page, true);
        if (leaf == null) {
            return NO_MEMORY;
        }
        long bits = (long) to << shift(page);
        return (int) ((long) WORDS.getAndBitwiseOr(leaf, word(page), bits) >>> shift(page))
                & WRITABLE;
    }

    /** Takes pages out, and tells of each that was there. */
    void lower(long first, long last, Visitor visitor) {
        lower(NODES.getAcquire(root, 0), height, 0, first, Math.min(last, pages - 1), visitor);
    }

    private void lower(Object node, int level, long base, long first, long last, Visitor visitor) {
        if (node instanceof long[] leaf) {
            lowerLeaf(leaf, base, first, last, visitor);
        } else if (node instanceof Object[] entries) {
            int shift = level * LEVEL_BITS;
            int from = first <= base ? 0 : (int) ((first - base) >>> shift);
            long to = Math.min((last - base) >>> shift, entries.length - 1);
            for (int i = from; i <= to; i++) {
                Object child = NODES.getAcquire(entries, i);
                lower(child, level - 1, base + ((long) i << shift), first, last, visitor);
            }
        }
    }

    private static void lowerLeaf(long[] leaf, long base, long first, long last, Visitor visitor) {
        for (int i = 0; i < leaf.length; i++) {
            long page = base + (long) i * PAGES_A_WORD;
            long low = Math.max(first, page);
            long high = Math.min(last, page + PAGES_A_WORD - 1);
            if (low <= high && (long) WORDS.getAcquire(leaf, i) != 0) {
                int count = (int) (high - low + 1);
                long mask = (-1L >>> (Long.SIZE - 2 * count)) << shift(low);
                tell((long) WORDS.getAndBitwiseAnd(leaf, i, ~mask) & mask, page, visitor);
            }
        }
    }

    private static void tell(long word, long page, Visitor visitor) {
        for (long left = word & RESIDENT_BITS; left != 0; left &= left - 1) {
            int shift = Long.numberOfTrailingZeros(left);
            visitor.visit(page + shift / 2, (int) (word >>> shift) & WRITABLE);
        }
    }

    /** The area is gone: all pages are taken out, and the memory is given back. */
    void retire(Visitor visitor) {
        retired = true;
        lower(0, pages - 1, visitor);
        memory.giveBack(ownBytes.getAndSet(0));
    }

    /** Whether who has just raised a page must take it out again. */
    boolean isRetired() {
        return retired;
    }

    private long[] leaf(long page, boolean make) {
        Object[] entries = root;
        int at = 0;
        for (int level = height; ; level--) {
            Object node = NODES.getAcquire(entries, at);
            if (node == null) {
                node = make ? make(entries, at, level) : null;
                if (node == null) {
                    return null;
                }
            }
            if (level == 0) {
                return (long[]) node;
            }
            entries = (Object[]) node;
            at = (int) (page >>> (level * LEVEL_BITS)) & (FANOUT - 1);
        }
    }

    /** Returns null if there is no memory for it. */
    private Object make(Object[] entries, int at, int level) {
        int length = length(level);
        // a reference counts as 8 bytes: true without compressed ones, and else on the safe side
        long bytes = ARRAY_HEADER_BYTES + (long) length * Long.BYTES;
        if (!memory.take(bytes)) {
            return null;
        }
        Object made = level == 0 ? new long[length] : new Object[length];
        Object before = NODES.compareAndExchange(entries, at, null, made);
        if (before != null) {
            memory.giveBack(bytes);
            return before;
        }
        ownBytes.getAndAdd(bytes);
        if (retired) {
            memory.giveBack(ownBytes.getAndSet(0));
        }
        return made;
    }

    /** The root is as long as the area needs it. */
    private int length(int level) {
        long needed =
                level == 0
                        ? (pages + PAGES_A_WORD - 1) / PAGES_A_WORD
                        : ((pages - 1) >>> (level * LEVEL_BITS)) + 1;
        return (int) Math.min(needed, level == 0 ? FANOUT / PAGES_A_WORD : FANOUT);
    }

    private static int word(long page) {
        return (int) (page & (FANOUT - 1)) / PAGES_A_WORD;
    }

    private static int shift(long page) {
        return (int) (page & (PAGES_A_WORD - 1)) * 2;
    }
}
