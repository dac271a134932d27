package io.faultline.decode.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.hardware.FaultKeys;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.util.function.Consumer;

/**
 * A fault, a page request, a hint or a stop marker.
 *
 * @param decoder knows the architecture's own keys; null if no bundle does
 * @param truncated whether lines of it are missing or were cut
 * @param more gives the keys of the record itself, or null
 */
record FaultFinding(
        Place place, Fault fault, RecordDecoder decoder, boolean truncated, Consumer<KeySink> more)
        implements Finding {
    @Override
    public String kind() {
        return fault.kind().word();
    }

    @Override
    public Whose whose() {
        return Whose.of(fault);
    }

    boolean isPageRequest() {
        return fault instanceof PageRequestGroup;
    }

    boolean isStall() {
        return fault instanceof PageRequestGroup group && group.stalled();
    }

    @Override
    public void describe(Keys keys) {
        keys.text("kind", kind());
        keys.text("arch", fault.unit().arch());
        place.describe(keys);
        FaultKeys.describe(fault, keys);
        if (fault.unit().name().isEmpty()) {
            keys.remove("unit"); // a dump does not say, nor do most logs
        }
        describeAsArchitecture(keys);
        if (more != null) {
            more.accept(keys);
        }
        place.describeTime(keys);
        if (truncated) {
            keys.flag("truncated", true);
        }
        String sentence = keys.word("description");
        keys.remove("description");
        keys.text("description", sentence == null ? sentence() : sentence);
    }

    /** The architecture's own keys, if a decoder knows them. */
    void describeAsArchitecture(Keys keys) {
        if (decoder != null) {
            decoder.describe(fault, keys);
        }
    }

    /** What is said if the architecture has no sentence of its own. */
    private String sentence() {
        StringBuilder text = new StringBuilder(96);
        text.append(
                switch (fault.kind()) {
                    case UNRECOVERABLE -> "fault";
                    case PAGE_REQUEST -> isStall() ? "stalled transaction" : "page request";
                    case HINT -> "hint";
                    case STOP_MARKER -> "stop marker";
                });
        Whose whose = whose();
        text.append(" from ")
                .append(whose.namesDevice() ? whose.deviceText() : "an unnamed device");
        if (fault.pasid() != Fault.NO_PASID) {
            text.append(" pasid 0x").append(Integer.toHexString(fault.pasid()));
        }
        if (fault.hasIova()) {
            text.append(" at 0x").append(Long.toHexString(fault.iova()));
        }
        if (!fault.access().words().isEmpty()) {
            text.append(' ').append(fault.access());
        }
        if (!fault.reason().word().equals("UNKNOWN")) {
            text.append(": ").append(fault.reason().word());
        }
        return text.toString();
    }
}
