package io.faultline.decode.internal;

import io.faultline.fault.Fault;

/**
 * Whose a finding is: every part may be unknown.
 *
 * @param arch the architecture, or null
 * @param unit the IOMMU's name, or null
 * @param device the device's name as the source writes it, or null
 * @param requester the requester id as an unsigned number, or -1
 */
record Whose(String arch, String unit, String device, long requester) {
    static final Whose UNKNOWN = new Whose(null, null, null, -1);

    static Whose of(Fault fault) {
        String unit = fault.unit().name();
        return new Whose(
                fault.unit().arch(),
                unit.isEmpty() ? null : unit,
                fault.deviceName(),
                fault.hasRequester() ? Integer.toUnsignedLong(fault.requester()) : -1);
    }

    /** Whether some device is named, by name or by number. */
    boolean namesDevice() {
        return device != null || requester >= 0;
    }

    /** The device as a reader knows it, or {@code -}. */
    String deviceText() {
        if (device != null) {
            return Printable.of(device);
        }
        return requester < 0 ? "-" : "0x" + Long.toHexString(requester);
    }

    /** Gives what is known, and the architecture in any case. */
    void describe(Keys keys) {
        keys.textOrNone("arch", arch);
        if (unit != null) {
            keys.text("unit", unit);
        }
        if (device != null) {
            keys.text("device", device);
        }
    }
}
