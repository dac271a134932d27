package io.faultline.qemu.internal;

import java.util.List;
import java.util.Map;

/**
 * A machine of QEMU with an IOMMU: what differs between architectures. One object is one machine;
 * {@link #setUp} is called once.
 */
interface Machine {
    /** Addresses that devices can use: the page tables that are set up map this MiB. */
    long MAPPED = 0x40_0000_0000L;

    long PAGE_BYTES = 4096;

    /** So many pages from {@link #MAPPED} on can be read and written. */
    int WRITABLE_PAGES = 128;

    /** So many behind them can be read only. */
    int READABLE_PAGES = 128;

    /** The architecture, in a driver's word. */
    String arch();

    /** The program that emulates it, and Debian's package of it. */
    String program();

    String debianPackage();

    /** Where its RAM begins. */
    long ramBase();

    /** What the program is told about machine and devices; RAM is the object {@code ram}. */
    List<String> arguments(String program);

    /** The devices for whom translation is set up, and those for whom it is not. */
    List<Slot> slots();

    /** Where the registers of the IOMMU are. */
    long registers();

    /** The number of the interrupt line for each word of a driver. */
    Map<String, Integer> interruptLines();

    /** The device that these lines go to, for {@link Qtest#interceptInterrupts}, or null. */
    String interruptController();

    /** Settings that the driver is to know: the model's quirks. */
    Map<String, String> quirks();

    Pci pci(Qtest qtest);

    /** Where the registers of the first device in {@link #slots} are to be. */
    long bars();

    /** Sets page tables up and enables translation. */
    void setUp(Qtest qtest, GuestRam ram);

    /** A machine by the word that settings have for it. */
    static Machine of(String word) {
        return switch (word) {
            case VirtMachine.WORD -> new VirtMachine();
            case Q35Machine.WORD -> new Q35Machine();
            default -> null;
        };
    }
}
