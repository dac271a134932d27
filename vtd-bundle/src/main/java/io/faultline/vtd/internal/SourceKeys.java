package io.faultline.vtd.internal;

import io.faultline.fault.Fault;
import io.faultline.hardware.KeySink;

/** Who made a request, in words: the keys and phrases that all VT-d records share. */
final class SourceKeys {
    private SourceKeys() {}

    /** Gives {@code bdf}, and {@code device} where the source does not name it otherwise. */
    static void describe(Fault fault, KeySink keys) {
        if (!fault.hasRequester()) {
            return;
        }
        String bdf = SourceId.text(fault.requester());
        keys.text("bdf", bdf);
        if (fault.deviceName() == null) {
            keys.text("device", bdf);
        }
    }

    /** Appends {@code " of 3b:00.0 pasid 0x12"}, as far as it is known. */
    static void appendSource(Fault fault, StringBuilder text) {
        if (fault.deviceName() != null) {
            text.append(" of ").append(fault.deviceName());
        } else if (fault.hasRequester()) {
            text.append(" of ").append(SourceId.text(fault.requester()));
        } else {
            text.append(" of an unknown device");
        }
        if (fault.pasid() != Fault.NO_PASID) {
            text.append(" pasid 0x").append(Integer.toHexString(fault.pasid()));
        }
    }
}
