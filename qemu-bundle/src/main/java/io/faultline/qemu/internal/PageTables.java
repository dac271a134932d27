package io.faultline.qemu.internal;

import java.util.function.IntToLongFunction;
import java.util.function.LongUnaryOperator;

/**
 * Page tables of four levels, 512 entries each, that map the pages from {@link Machine#MAPPED} on:
 * the shape that Arm's and Intel's tables have in common.
 */
final class PageTables {
    private static final int LEVELS = 4;
    private static final int TABLE_BYTES = 4096;
    private static final int INDEX_BITS = 9;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final int PAGE_BITS = 12;

    private PageTables() {}

    /**
     * Writes the tables.
     *
     * @param root where they begin; they are four pages
     * @param toTable an entry that leads to the table at an address
     * @param toPage an entry that leads to a page, by its number, and allows everything
     * @param readOnly bits to toggle in such an entry for a page that can be read only
     */
    static void put(
            GuestRam ram,
            long root,
            LongUnaryOperator toTable,
            IntToLongFunction toPage,
            long readOnly) {
        for (int level = 0; level < LEVELS - 1; level++) {
            long table = root + (long) level * TABLE_BYTES;
            ram.put(at(table, level), toTable.applyAsLong(table + TABLE_BYTES));
        }
        long last = at(root + (LEVELS - 1) * TABLE_BYTES, LEVELS - 1);
        for (int page = 0; page < Machine.WRITABLE_PAGES + Machine.READABLE_PAGES; page++) {
            long entry = toPage.applyAsLong(page);
            boolean writable = page < Machine.WRITABLE_PAGES;
            ram.put(last + (long) page * Long.BYTES, writable ? entry : entry ^ readOnly);
        }
    }

    private static long at(long table, int level) {
        int shift = PAGE_BITS + INDEX_BITS * (LEVELS - 1 - level);
        return table + (Machine.MAPPED >>> shift & INDEX_MASK) * Long.BYTES;
    }
}
