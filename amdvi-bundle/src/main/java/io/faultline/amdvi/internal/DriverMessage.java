package io.faultline.amdvi.internal;

import io.faultline.log.LineSink;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of the driver that tell no event. Each stands for itself. */
final class DriverMessage {
    private static final String DRIVER = "AMD-Vi: ";

    private static final Pattern UNIT = Pattern.compile("\\b(ivhd\\d{1,4}): " + DRIVER);

    private static final Pattern SUPPRESSED =
            Pattern.compile(
                    "\\b(amd_iommu_\\w{1,40}|iommu_print_event): (\\d{1,18}) callbacks suppressed");

    /** The functions that are limited by the event. The others print of overflows. */
    private static final Set<String> LIMITED_BY_EVENT =
            Set.of(
                    "amd_iommu_report_page_fault",
                    "amd_iommu_report_rmp_fault",
                    "amd_iommu_report_rmp_hw_error",
                    "iommu_print_event");

    /** What Linux says of a page request that it answers by itself, with all fields (debug). */
    private static final Pattern REFUSED_REQUEST =
            Pattern.compile(
                    "PPR logged \\[.{0,60}?\\(device=([\\p{XDigit}:.]{7,12})"
                            + " pasid=0x(\\p{XDigit}{1,5})"
                            + " address=0x(\\p{XDigit}{1,16})"
                            + " flags=0x(\\p{XDigit}{1,4})"
                            + " tag=0x(\\p{XDigit}{1,3})\\b");

    /**
     * What Linux says of a page request whose PASID no device of it can have; it answers FAILURE.
     */
    private static final Pattern REFUSED_PASID =
            Pattern.compile(
                    "AMD-Vi: Invalid PASID : 0x(\\p{XDigit}{1,8}), device : 0x(\\p{XDigit}{1,4})\\b");

    private static final Pattern DETAIL =
            Pattern.compile(
                    "AMD-Vi: ((?:DTE\\[[0-3]]: \\p{XDigit}{1,16}|CMD\\[[0-3]]: \\p{XDigit}{1,8}"
                            + "|Control Reg : 0x\\p{XDigit}{1,16})\\b)");

    private static final Pattern OVERFLOW =
            Pattern.compile("IOMMU (?:([Ee]vent)|PPR) log (?:overflow|restarting)");

    private static final String[][] STATUS = {
        {
            "Completion-Wait loop timed out",
            "Completion-Wait loop timed out: the unit did not finish its commands in time"
        },
        {
            "Command buffer timeout",
            "Command buffer timeout: the unit did not consume its commands in time"
        },
        {
            "Unknown PPR request received",
            "Unknown PPR request received: the driver passed over an entry of the PPR log"
        }
    };

    private DriverMessage() {}

    /** Reads a line that is no event. Says nothing if it is none of these either. */
    static void read(String text, LineSink out) {
        if (text.contains("callbacks suppressed")) {
            suppressed(text, out);
        } else if (text.contains(DRIVER)) {
            message(text, out);
        }
    }

    private static void suppressed(String text, LineSink out) {
        Matcher m = SUPPRESSED.matcher(text);
        if (m.find()) {
            long calls = Long.parseLong(m.group(2));
            long events = LIMITED_BY_EVENT.contains(m.group(1)) ? calls : 0;
            out.unit(AmdVi.ARCH, null).suppressed(m.group(1), calls, events, events);
        }
    }

    private static void message(String text, LineSink out) {
        Matcher refused = REFUSED_REQUEST.matcher(text);
        if (refused.find()) {
            refusedRequest(text, refused, out);
            return;
        }
        Matcher pasid = REFUSED_PASID.matcher(text);
        if (pasid.find()) {
            int device = Integer.parseInt(pasid.group(2), 16);
            unit(text, out)
                    .queue(AmdVi.PPR_LOG)
                    .status(
                            "a page request of %s with PASID 0x%s, which it cannot have: Linux answered FAILURE"
                                    .formatted(AmdVi.bdf(device), pasid.group(1)));
            return;
        }
        Matcher detail = DETAIL.matcher(text);
        if (detail.find()) {
            unit(text, out).detail(detail.group(1));
            return;
        }
        Matcher overflow = OVERFLOW.matcher(text);
        if (overflow.find()) {
            boolean events = overflow.group(1) != null;
            unit(text, out)
                    .queue(events ? AmdVi.EVENT_LOG : AmdVi.PPR_LOG)
                    .recordsLost(
                            events
                                    ? "the event log was full: events were lost"
                                    : "the PPR log was full: page requests were lost");
        } else if (text.contains("No event written to event log")) {
            unit(text, out)
                    .queue(AmdVi.EVENT_LOG)
                    .recordsLost("an event was announced and never written: it is lost");
        } else {
            status(text, out);
        }
    }

    private static void status(String text, LineSink out) {
        for (String[] status : STATUS) {
            if (text.contains(status[0])) {
                unit(text, out).status(status[1]);
                return;
            }
        }
    }

    /** The entry is put together again from its fields. */
    private static void refusedRequest(String text, Matcher m, LineSink out) {
        LoggedDevice device = LoggedDevice.of(m.group(1));
        if (device == null) {
            unit(text, out).status("a page request that Linux refused; its device is not legible");
            return;
        }
        long pasid = Long.parseLong(m.group(2), 16);
        long flags = Long.parseLong(m.group(4), 16) & 0xfff;
        long tag = Long.parseLong(m.group(5), 16) & 0x3ff;
        long q0 =
                1L << 60
                        | flags << 48
                        | pasid >> 16 << 42
                        | tag << 32
                        | (pasid & 0xffff) << 16
                        | AmdVi.deviceId(device.requester());
        unit(text, out).queue(AmdVi.PPR_LOG).device(device.name()).words(2);
        PprRecord.decode(q0, Long.parseUnsignedLong(m.group(3), 16), out);
    }

    private static LineSink unit(String text, LineSink out) {
        Matcher unit = UNIT.matcher(text);
        return out.unit(AmdVi.ARCH, unit.find() ? unit.group(1) : null);
    }
}
