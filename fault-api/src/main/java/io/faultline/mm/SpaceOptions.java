package io.faultline.mm;

/**
 * What cannot change once a space is made.
 *
 * @param pageBytes a power of two, 4096 to 2^30
 * @param mayBlock what {@link AddressSpace#mayBlock()} says; a mapped space always may
 * @param tableLimitBytes how much memory the page tables may take, 4096 and up; a page for which
 *     there is none left is {@link FaultInResult#OUT_OF_MEMORY}
 * @param memoryLimitPages how many pages of memory it may take, 1 and up; one more is {@link
 *     FaultInResult#OUT_OF_MEMORY}. A page of a demand-zero area that was only read takes none, a
 *     private copy in a copy-on-write area takes one beside the shared one
 * @param logEntries how many entries its log keeps: a power of two, 1 to 2^20
 */
public record SpaceOptions(
        int pageBytes,
        boolean mayBlock,
        long tableLimitBytes,
        long memoryLimitPages,
        int logEntries) {
    /** Pages of 4 KiB, never blocks, 16 MiB of page tables, any number of pages, 4096 entries. */
    public static final SpaceOptions DEFAULTS =
            new SpaceOptions(
                    AddressSpace.DEFAULT_PAGE_BYTES, false, 16L << 20, Long.MAX_VALUE, 4096);

    private static final int LARGEST_PAGE = 1 << 30;
    private static final int LONGEST_LOG = 1 << 20;

    /**
     * Checks them.
     *
     * @param pageBytes a power of two, 4096 to 2^30
     * @param mayBlock either
     * @param tableLimitBytes 4096 and up
     * @param memoryLimitPages 1 and up
     * @param logEntries a power of two, 1 to 2^20
     * @throws IllegalArgumentException names the value and what is allowed
     */
    public SpaceOptions {
        check(
                Integer.bitCount(pageBytes) == 1
                        && pageBytes >= AddressSpace.DEFAULT_PAGE_BYTES
                        && pageBytes <= LARGEST_PAGE,
                "pageBytes=" + pageBytes + ": allowed are powers of two from 4096 to 2^30");
        check(
                tableLimitBytes >= AddressSpace.DEFAULT_PAGE_BYTES,
                "tableLimitBytes=" + tableLimitBytes + ": allowed are 4096 and up");
        check(
                memoryLimitPages >= 1,
                "memoryLimitPages=" + memoryLimitPages + ": allowed are 1 and up");
        check(
                Integer.bitCount(logEntries) == 1 && logEntries >= 1 && logEntries <= LONGEST_LOG,
                "logEntries=" + logEntries + ": allowed are powers of two from 1 to 2^20");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * These with another answer to {@link AddressSpace#mayBlock()}.
     *
     * @param blocks the answer
     * @return the changed options
     */
    public SpaceOptions withMayBlock(boolean blocks) {
        return new SpaceOptions(pageBytes, blocks, tableLimitBytes, memoryLimitPages, logEntries);
    }
}
