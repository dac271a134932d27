package io.faultline.qemu.internal;

/**
 * A disk controller, as a source of storms: when a port starts it maps its command list for
 * writing, one access; when it stops, the list of 1 KiB is written back, 4 bytes at a time.
 *
 * <p>Source: Serial ATA AHCI 1.3.1, 3.1.2, 3.3.1, 3.3.7.
 */
final class Ahci extends Endpoint {
    private static final int LIST_BYTES = 1024;
    private static final int GHC = 0x4;
    private static final int GHC_AE = 1 << 31;
    private static final int PORT = 0x100;
    private static final int PXCLB = 0x0;
    private static final int PXCLBU = 0x4;
    private static final int PXCMD = 0x18;

    Ahci(Pci pci, Qtest qtest, Slot slot, long bar) {
        super(pci, qtest, slot, bar);
        enable(0x24);
        qtest.write32(bar + GHC, GHC_AE);
    }

    /** One write to the address, then one to each 4 bytes of the KiB that begins there. */
    @Override
    void touch(long address) {
        qtest.write32(bar + PORT + PXCLB, (int) address);
        qtest.write32(bar + PORT + PXCLBU, (int) (address >>> 32));
        qtest.write32(bar + PORT + PXCMD, 1);
        qtest.write32(bar + PORT + PXCMD, 0);
    }

    @Override
    int accesses() {
        return 1 + LIST_BYTES / Integer.BYTES;
    }

    @Override
    int alignment() {
        return LIST_BYTES;
    }
}
