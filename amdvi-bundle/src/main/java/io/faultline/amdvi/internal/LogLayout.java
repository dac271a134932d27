package io.faultline.amdvi.internal;

/**
 * Where the registers of a log are, and its bits in those that both logs share.
 *
 * <p>A base register has the address in bits 51:12 and the length in bits 59:56: 2<sup>n</sup>
 * entries.
 *
 * <p>Source: AMD IOMMU specification (48882), "Event Log Registers", "PPR Log Registers", "IOMMU
 * Control Register", "IOMMU Status Register".
 */
enum LogLayout {
    EVENT(AmdVi.EVENT_LOG, 0x10, 0x2010, 0x2018, 1, 1 << 1, 1 << 3, 1 << 2),
    PPR(AmdVi.PPR_LOG, 0x38, 0x2030, 0x2038, 1 << 5, 1 << 6, 1 << 7, 1 << 13);

    static final int LOG2_MIN = 8;
    static final int LOG2_MAX = 15;

    private static final int LENGTH_SHIFT = 56;
    private static final long ADDRESS = 0xf_ffff_ffff_f000L;

    /** The word for its decoder and its interrupt, in settings and messages. */
    final String kind;

    final long base;
    final long head;
    final long tail;

    /** Its bits of the status register; the first two are cleared by writing 1. */
    final int overflow;

    final int interrupt;
    final int running;

    /** Its bits of the control register: the log, and its interrupt. */
    final long enable;

    final long enableInterrupt;

    LogLayout(
            String kind,
            long base,
            long head,
            long tail,
            int overflow,
            int interrupt,
            int running,
            long enable) {
        this.kind = kind;
        this.base = base;
        this.head = head;
        this.tail = tail;
        this.overflow = overflow;
        this.interrupt = interrupt;
        this.running = running;
        this.enable = enable;
        this.enableInterrupt = enable << 1;
    }

    /** The value of a base register. */
    static long baseOf(long address, int log2) {
        return (address & ADDRESS) | (long) log2 << LENGTH_SHIFT;
    }

    /** The address in the value of a base register. */
    static long address(long base) {
        return base & ADDRESS;
    }

    /** The length in the value of a base register: 2<sup>n</sup> entries. */
    static int log2(long base) {
        return (int) (base >>> LENGTH_SHIFT) & 0xf;
    }
}
