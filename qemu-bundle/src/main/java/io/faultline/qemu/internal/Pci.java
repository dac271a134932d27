package io.faultline.qemu.internal;

/**
 * The configuration space of PCI devices on bus 0, as the machine reaches it. A function is named
 * by its requester id: device in bits 7:3, function in bits 2:0.
 */
interface Pci {
    int read(int requester, int offset);

    /** Posted. */
    void write(int requester, int offset, int value);
}
