package io.faultline.mm.internal;

import io.faultline.fault.Access;
import io.faultline.mm.PageIn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The last page-ins of a space, in one word each: nobody waits to write one.
 *
 * <pre>
 *  63              12 11        6 5    4 3      0
 *  +-----------------+-----------+------+--------+
 *  |  page address   | lap, 1-63 | kind | access |   0: never written
 *  +-----------------+-----------+------+--------+
 * </pre>
 *
 * <p>The lap tells a reader whether a slot holds the entry it looks for, or an older one whose
 * successor is just being written.
 */
final class PageLog {
    private static final PageIn.Kind[] KINDS = PageIn.Kind.values();
    private static final int LAPS = 63;
    private static final int LAP_SHIFT = 6;
    private static final int KIND_SHIFT = 4;
    private static final int ACCESS_MASK = 0xf;
    private static final int KIND_MASK = 3;
    private static final long ADDRESS_MASK = -4096;

    private final AtomicLong next = new AtomicLong();
    private final AtomicLongArray entries;
    private final int sizeShift;

    /**
     * @param size a power of two
     */
    PageLog(int size) {
        this.entries = new AtomicLongArray(size);
        this.sizeShift = Integer.numberOfTrailingZeros(size);
    }

    /** Writes an entry down; of the address the lower 12 bits are dropped. */
    @SuppressWarnings("EnumOrdinal") // written and read by one run of one program
    void add(long address, Access access, PageIn.Kind kind) {
        long number = next.getAndIncrement();
        entries.setRelease(
                slot(number),
                (address & ADDRESS_MASK)
                        | lap(number)
                        | ((long) kind.ordinal() << KIND_SHIFT)
                        | access.bits());
    }

    private int slot(long number) {
        return (int) number & (entries.length() - 1);
    }

    private long lap(long number) {
        return ((number >>> sizeShift) % LAPS + 1) << LAP_SHIFT;
    }

    /** The last entries, the oldest first. */
    List<PageIn> last(int limit) {
        long end = next.get();
        List<PageIn> last = new ArrayList<>();
        for (long n = Math.max(0, end - Math.min(limit, entries.length())); n < end; n++) {
            long entry = entries.getAcquire(slot(n));
            if ((entry & ((long) LAPS << LAP_SHIFT)) == lap(n)) {
                last.add(
                        new PageIn(
                                n,
                                entry & ADDRESS_MASK,
                                Access.of((int) entry & ACCESS_MASK),
                                KINDS[(int) (entry >>> KIND_SHIFT) & KIND_MASK]));
            }
        }
        return last;
    }

    /** How many were written. */
    long written() {
        return next.get();
    }
}
