package io.faultline.smmuv3.internal;

/**
 * Where the registers of a queue are, and its bit in those that all queues share.
 *
 * <p>BASE: bits 55:5 the address, bits 4:0 LOG2SIZE; the base is aligned to the queue's size.
 *
 * <p>Source: Arm IHI 0070, 6.3.
 */
enum QueueLayout {
    COMMAND("cmdq", 16, 0x90, 0x98, 0x9c, 1 << 3, 0, 1, 21),
    EVENT(Smmu.EVENT_QUEUE, EventRecord.BYTES, 0xa0, 0x100a8, 0x100ac, 1 << 2, 1 << 2, 1 << 2, 16),
    PRI(Smmu.PRI_QUEUE, PriRecord.BYTES, 0xc0, 0x100c8, 0x100cc, 1 << 1, 1 << 1, 1 << 3, 11);

    /** No queue has more than 2<sup>19</sup> entries (IDR1). */
    static final int LOG2SIZE_MAX = 19;

    private static final int LOG2SIZE = 0x1f;
    private static final long ADDRESS = 0xff_ffff_ffff_ffe0L;

    /** The word for its decoder and its interrupt, in settings and messages. */
    final String kind;

    final int entryBytes;
    final long base;
    final long prod;
    final long cons;

    /** Its bit in CR0. */
    final int enable;

    /** Its bit in IRQ_CTRL; the command queue has none. */
    final int interrupt;

    /** Its bit in GERROR. */
    final int error;

    private final int sizeShift;

    QueueLayout(
            String kind,
            int entryBytes,
            long base,
            long prod,
            long cons,
            int enable,
            int interrupt,
            int error,
            int sizeShift) {
        this.kind = kind;
        this.entryBytes = entryBytes;
        this.base = base;
        this.prod = prod;
        this.cons = cons;
        this.enable = enable;
        this.interrupt = interrupt;
        this.error = error;
        this.sizeShift = sizeShift;
    }

    /** The largest LOG2SIZE that an SMMU with this IDR1 takes. */
    int log2SizeMax(int idr1) {
        return Math.min(idr1 >>> sizeShift & LOG2SIZE, LOG2SIZE_MAX);
    }

    /** LOG2SIZE in the value of BASE. */
    static int log2Size(long base) {
        return (int) base & LOG2SIZE;
    }

    /** The address in the value of BASE. */
    static long address(long base) {
        return base & ADDRESS;
    }
}
