package io.faultline.qemu.internal;

/**
 * QEMU's teaching device, as a source of single writes: it raises a message signalled interrupt on
 * demand, which is a write of 4 bytes to the message address, and that can be any.
 */
final class Edu extends Endpoint {
    private static final int CAPABILITIES = 0x34;
    private static final int MESSAGE_ADDRESS = 4;
    private static final int MESSAGE_UPPER = 8;
    private static final int MESSAGE_DATA = 12;
    private static final int MSI_ENABLE = 1 << 16;
    private static final int RAISE = 0x60;

    private final int msi;
    private int upper;

    Edu(Pci pci, Qtest qtest, Slot slot, long bar) {
        super(pci, qtest, slot, bar);
        enable(0x10);
        this.msi = pci.read(requester, CAPABILITIES) & 0xff;
        pci.write(requester, msi + MESSAGE_UPPER, 0);
        pci.write(requester, msi + MESSAGE_DATA, requester);
        pci.write(requester, msi, pci.read(requester, msi) | MSI_ENABLE);
    }

    @Override
    void touch(long address) {
        int high = (int) (address >>> 32);
        pci.write(requester, msi + MESSAGE_ADDRESS, (int) address);
        if (high != upper) {
            pci.write(requester, msi + MESSAGE_UPPER, high);
            upper = high;
        }
        qtest.write32(bar + RAISE, 1);
    }
}
