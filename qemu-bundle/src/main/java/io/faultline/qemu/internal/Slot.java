package io.faultline.qemu.internal;

/**
 * A device in a slot of bus 0.
 *
 * @param device its number
 * @param model QEMU's name for it
 * @param note how the machine has set its translation up, for people
 */
record Slot(int device, String model, String note) {
    static final String EDU = "edu";
    static final String HDA = "intel-hda";
    static final String AHCI = "ahci";

    int requester() {
        return device << 3;
    }

    String option() {
        return model + ",addr=" + device;
    }

    /** The device, ready to touch addresses. */
    Endpoint open(Pci pci, Qtest qtest, long bar) {
        return switch (model) {
            case EDU -> new Edu(pci, qtest, this, bar);
            case HDA -> new Hda(pci, qtest, this, bar);
            case AHCI -> new Ahci(pci, qtest, this, bar);
            default -> throw new IllegalArgumentException("model=" + model);
        };
    }
}
