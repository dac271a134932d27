package io.faultline.smmuv3.internal;

import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.FaultClass;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.StopMarker;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.hardware.FaultKeys;
import io.faultline.hardware.KeySink;

/** The keys and sentences of this architecture, from records and from lines alike. Cold. */
final class Description {
    private static final String KEY = "description";

    private Description() {}

    /** Gives the keys of an event. */
    static void ofEvent(Fault fault, KeySink keys) {
        String event = fault.code() < 0 ? null : EventType.nameOf(fault.code());
        text(keys, "event", event);
        FaultKeys.number(keys, "event_code", fault.code() >= 0, fault.code());
        FaultKeys.number(keys, "stage", fault.stage() != 0, fault.stage());
        text(keys, "class", fault.faultClass().word());
        FaultKeys.address(keys, "ipa", hasIpa(fault), ipa(fault));
        UnrecoverableFault fetch =
                fault instanceof UnrecoverableFault f && f.hasFetchAddress() ? f : null;
        FaultKeys.address(keys, "fetch", fetch != null, fetch == null ? 0 : fetch.fetchAddress());
        if (fault instanceof AccessHint hint) {
            keys.number("span_bytes", hint.lengthBytes());
        }
        if (fault instanceof PageRequestGroup stall) {
            keys.number("stag", stall.groupIndex());
        }
        if (fault.observed() && fault.deviceName() != null) {
            keys.text("client", fault.deviceName());
        }
        keys.text(KEY, sentence(fault, event));
    }

    /** Gives the keys of a page request or a stop marker. */
    static void ofRequest(Fault fault, KeySink keys) {
        boolean marker = fault instanceof StopMarker;
        StringBuilder text = new StringBuilder(96);
        text.append(marker ? "stop marker of " : "page request of ");
        appendRequester(text, fault);
        if (fault instanceof PageRequestGroup group) {
            text.append(" group ").append(group.groupIndex());
            text.append(group.complete() ? " last" : "");
        }
        appendAccess(text, fault);
        keys.text(KEY, text.toString());
    }

    private static String sentence(Fault fault, String event) {
        StringBuilder text = new StringBuilder(160);
        text.append(event == null ? "an event that the log does not name," : event);
        if (fault instanceof PageRequestGroup stall) {
            text.append(" (stalled, tag ").append(stall.groupIndex()).append(')');
        }
        text.append(" from ");
        appendRequester(text, fault);
        appendAccess(text, fault);
        if (event != null) {
            text.append(": ").append(EventType.of(fault.code()).meaning());
        }
        appendPlace(text, fault);
        if (fault instanceof UnrecoverableFault f && f.hasFetchAddress()) {
            appendFetch(text, f);
        }
        if (fault instanceof AccessHint hint) {
            text.append(", ").append(hint.lengthBytes()).append(" bytes; nobody waits");
        }
        return text.toString();
    }

    private static void appendRequester(StringBuilder text, Fault fault) {
        if (fault.hasRequester()) {
            text.append("stream 0x").append(Integer.toHexString(fault.requester()));
        } else {
            text.append("an unknown stream");
        }
        if (fault.pasid() != Fault.NO_PASID) {
            text.append(" pasid 0x").append(Integer.toHexString(fault.pasid()));
        }
    }

    private static void appendAccess(StringBuilder text, Fault fault) {
        if (fault.hasIova()) {
            appendHex(text.append(" at "), fault.iova());
        }
        if (fault.access().bits() != 0) {
            text.append(' ').append(fault.access());
        }
    }

    /**
     * Where it faulted. The class speaks only of stage 2: in a stage 1 fault it is the input
     * address whatever stands there (7.3.13), and QEMU before 8 leaves 0, "CD", in its place.
     */
    private static void appendPlace(StringBuilder text, Fault fault) {
        if (fault.stage() == 0) {
            return;
        }
        text.append(", stage ").append(fault.stage());
        if (fault.stage() == 2) {
            text.append(
                    switch (fault.faultClass()) {
                        case CONTEXT_FETCH -> ", on the fetch of the context descriptor";
                        case TABLE_WALK -> ", on the walk of stage 1 tables";
                        case RESERVED -> ", of a reserved class";
                        case INPUT, NONE -> "";
                    });
            if (hasIpa(fault)) {
                appendHex(text.append(", IPA "), ipa(fault));
            }
        }
        if (fault.rawWords() == EventRecord.WORDS
                && EventType.of(fault.code()) == EventType.F_PERMISSION
                && fault.faultClass() == FaultClass.TABLE_WALK) {
            boolean read = (fault.raw(1) & EventRecord.TTRNW) != 0;
            text.append(read ? " (descriptor read)" : " (descriptor write)");
        }
    }

    private static void appendFetch(StringBuilder text, UnrecoverableFault fault) {
        appendHex(text.append(", fetch of "), fault.fetchAddress());
        if (fault.rawWords() == EventRecord.WORDS && (fault.raw(1) & EventRecord.GPCF) != 0) {
            text.append(" (refused by granule protection)");
        }
    }

    private static boolean hasIpa(Fault fault) {
        return (fault.attributes() & FaultBits.HAS_IPA) != 0;
    }

    private static long ipa(Fault fault) {
        return fault instanceof UnrecoverableFault f
                ? f.ipa()
                : fault instanceof PageRequestGroup g ? g.ipa() : 0;
    }

    private static void text(KeySink keys, String key, String value) {
        if (value == null) {
            keys.none(key);
        } else {
            keys.text(key, value);
        }
    }

    private static void appendHex(StringBuilder text, long value) {
        text.append("0x").append(Long.toHexString(value));
    }
}
