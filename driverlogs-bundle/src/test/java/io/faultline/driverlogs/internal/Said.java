package io.faultline.driverlogs.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.log.LineDecoder;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a decoder said of some lines, as one short line each; what is not known is left out. */
final class Said {
    private Said() {}

    static List<String> by(LineDecoder decoder, String... lines) {
        return RecordingLineSink.read(decoder, lines).stream().map(Said::text).toList();
    }

    /** {@code LINE ARCH UNIT: KIND DEVICE ACCESS@ADDRESS ... {KEYS}}. */
    private static String text(LineReport report) {
        StringBuilder text = new StringBuilder();
        text.append(report.line().number()).append(' ').append(report.arch());
        if (report.unit() != null) {
            text.append(' ').append(report.unit());
        }
        text.append(':');
        if (report.device() != null) {
            text.append(' ').append(report.device());
        }
        switch (report.kind()) {
            case FAULT -> fault(report.fault(), text);
            case SUPPRESSED -> {
                text.append(' ').append(report.count()).append(" of ").append(report.text());
                text.append(" for ").append(report.atLeast());
                text.append(report.atMost() == Long.MAX_VALUE ? " up" : " to " + report.atMost());
            }
            default -> text.append(' ').append(report.kind().name().toLowerCase(Locale.ROOT));
        }
        Map<String, Object> keys = new TreeMap<>(report.keys());
        keys.remove("detail");
        if (!keys.isEmpty()) {
            text.append(' ').append(keys);
        }
        return text.append(report.truncated() ? " truncated" : "").toString();
    }

    private static void fault(Fault fault, StringBuilder text) {
        if (fault instanceof PageRequestGroup group) {
            text.append(" group ").append(group.groupIndex());
        }
        if (fault.hasRequester()) {
            text.append(" stream ").append(Integer.toHexString(fault.requester()));
        }
        if (fault.pasid() != Fault.NO_PASID) {
            text.append(" pasid ").append(Integer.toHexString(fault.pasid()));
        }
        text.append(' ').append(fault.access());
        if (fault.hasIova()) {
            text.append('@').append(Long.toHexString(fault.iova()));
        }
        if (fault.reason() != Reason.UNKNOWN) {
            text.append(' ').append(fault.reason());
        }
    }
}
