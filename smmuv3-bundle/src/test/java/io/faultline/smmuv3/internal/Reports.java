package io.faultline.smmuv3.internal;

import io.faultline.fault.Fault;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the log decoder says of some lines, as one short line each. */
final class Reports {
    private static final EventDecoder EVENTS = new EventDecoder();
    private static final PriDecoder REQUESTS = new PriDecoder();

    private Reports() {}

    /** {@code LINE UNIT: WHAT}; what is not told is left out. */
    static List<String> of(String... lines) {
        return of(RecordingLineSink.read(new DriverLog(), lines));
    }

    static List<String> of(List<LineReport> reports) {
        return reports.stream().map(Reports::text).toList();
    }

    private static String text(LineReport report) {
        String what =
                switch (report.kind()) {
                    case FAULT -> fault(report);
                    case SUPPRESSED ->
                            "suppressed "
                                    + report.text()
                                    + ' '
                                    + report.count()
                                    + " stand for "
                                    + report.atLeast()
                                    + ".."
                                    + report.atMost();
                    case MALFORMED, RECORDS_LOST ->
                            word(report) + report.queue() + ' ' + report.text();
                    case STATUS, DETAIL, LOST, NOTHING -> word(report) + report.text();
                };
        return report.line().number() + " " + report.unit() + ": " + what;
    }

    private static String word(LineReport report) {
        return report.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ' ';
    }

    private static String fault(LineReport report) {
        Fault fault = report.fault();
        Map<String, Object> keys =
                Keys.of(fault, report.queue().equals("priq") ? REQUESTS : EVENTS);
        StringBuilder text = new StringBuilder(fault.kind().word());
        for (String key : List.of("event", "stage", "class", "grpid", "last")) {
            append(text, key, keys.get(key));
        }
        append(text, "sid", fault.hasRequester() ? Integer.toHexString(fault.requester()) : null);
        append(text, "pasid", keys.get("pasid"));
        append(text, "addr", keys.get("addr"));
        append(text, "perms", String.join("", fault.access().words()));
        append(text, "ipa", keys.get("ipa"));
        append(text, "fetch", keys.get("fetch"));
        append(text, "client", report.device());
        append(text, "truncated", report.truncated() ? "yes" : null);
        append(text, "words", fault.rawWords());
        return text.toString();
    }

    private static void append(StringBuilder text, String key, Object value) {
        if (value != null && !value.equals("") && !value.equals(false)) {
            text.append(' ').append(key).append('=').append(value);
        }
    }
}
