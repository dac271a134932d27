package io.faultline.vtd.internal;

import io.faultline.log.LineSink;

/**
 * The lines that are about the unit and its queues: status, page requests that Linux refused,
 * invalidation errors, table dumps, and how much was not printed. Each stands for itself.
 */
final class UnitLines {
    private static final String PRQ_THREAD = "prq_event_thread";

    /**
     * How lines that belong to a neighbour begin behind {@code DMAR:} and the unit's name: why a
     * page request is refused (its words follow), the commands around an invalidation error, and
     * the table dump behind a fault (5.18 and later, if built in).
     */
    private static final String[] DETAILS = {
        "page request without pasid",
        "page request in privilege mode",
        "address is not canonical",
        "execution request not supported",
        "qi head:",
        "qi prior:",
        "dump dmar",
        "root entry:",
        "scalable mode root entry:",
        "context entry:",
        "pasid dir entry:",
        "pasid table entry",
        "pte level:",
        "pte not present"
    };

    private static final String ABSENT_TABLE = " is not present";

    private final SuppressedFaults suppressed;

    UnitLines(SuppressedFaults suppressed) {
        this.suppressed = suppressed;
    }

    /** Reads a line that is no fault. Says nothing if it is none of these either. */
    void read(String text, LineSink out) {
        Scan scan = new Scan(text);
        if (scan.find("fault status reg")) {
            status(scan, out);
        } else if (scan.find("callbacks suppressed")) {
            suppressed(scan.at(0), out);
        } else if (scan.find("invalid page request:")) {
            refused(scan, text, false, out);
        } else if (findOldRefusal(scan)) {
            refused(scan, text, true, out);
        } else if (scan.find("prq overflow detected")) {
            unit(unitName(text), out)
                    .recordsLost("the page request queue was full: requests were lost");
        } else if (scan.find("prq overflow cleared")) {
            unit(unitName(text), out).status("the overflow of the page request queue is cleared");
        } else if (scan.find("vt-d detected invalidation")) {
            invalidation(scan, text, out);
        } else if (scan.find("dmar:")) {
            other(scan, text, out);
        }
    }

    private void status(Scan scan, LineSink out) {
        unit(null, out);
        if (!scan.number() || scan.hex() >>> Integer.SIZE != 0) {
            out.truncated().status("fault status, its value is not legible");
            return;
        }
        suppressed.status();
        FaultStatus status = new FaultStatus((int) scan.hex());
        out.keys(status::describe).status(status.sentence());
    }

    private void suppressed(Scan scan, LineSink out) {
        if (scan.find(SuppressedFaults.FUNCTION + ":") && scan.number() && scan.decimal() >= 0) {
            long calls = scan.decimal();
            unit(null, out)
                    .suppressed(
                            SuppressedFaults.FUNCTION,
                            calls,
                            SuppressedFaults.atLeast(calls),
                            suppressed.atMost(calls));
        } else if (scan.find(PRQ_THREAD + ":") && scan.number() && scan.decimal() >= 0) {
            // Overflow messages only: no request and no fault is among them.
            unit(null, out).suppressed(PRQ_THREAD, scan.decimal(), 0, 0);
        }
    }

    /** What kernels up to about 5.12 printed in one line with the words. */
    private static boolean findOldRefusal(Scan scan) {
        if (scan.find("page request without pasid:")) {
            return true;
        }
        return scan.find("page request for invalid pasid") && scan.number() && scan.skip(":");
    }

    /** A page request that Linux answered by itself. It prints the first two words. */
    private static void refused(Scan scan, String text, boolean mayBeOld, LineSink out) {
        unit(unitName(text), out);
        boolean first = scan.number();
        long w0 = scan.hex();
        if (!first || !scan.number()) {
            out.truncated().status("a page request that Linux refused; its words are missing");
            return;
        }
        long w1 = scan.hex();
        out.words(2);
        if (mayBeOld && OldPageRequestDescriptor.isOld(w0)) {
            OldPageRequestDescriptor.decode(w0, w1, out.queue(OldPageRequestDescriptor.QUEUE));
        } else {
            PageRequestDescriptor.decode(w0, w1, 0, 0, out.queue(PageRequestDescriptor.QUEUE));
        }
    }

    private static void invalidation(Scan scan, String text, LineSink out) {
        unit(unitName(text), out);
        if (scan.find("sid") && scan.number() && scan.hex() >>> Short.SIZE == 0) {
            out.device(SourceId.text((int) scan.hex()));
        }
        out.status(text.strip());
    }

    private static void other(Scan scan, String text, LineSink out) {
        String message = scan.rest();
        if (message.startsWith("Invalidation ") && message.endsWith(" cleared")) {
            unit(unitName(text), out).status(message);
            return;
        }
        scan.skip("iommu:");
        skipUnitName(scan);
        boolean belongs = message.endsWith(ABSENT_TABLE);
        for (int i = 0; i < DETAILS.length && !belongs; i++) {
            belongs = scan.skip(DETAILS[i]);
        }
        if (belongs) {
            unit(unitName(text), out).detail(message);
        }
    }

    private static void skipUnitName(Scan scan) {
        int start = scan.at();
        if (!(scan.skip("dmar") && scan.number() && scan.skip(":"))) {
            scan.at(start);
        }
    }

    private static LineSink unit(String name, LineSink out) {
        return out.unit(RecordingRegister.ARCH, name);
    }

    /** The unit that a line is about, {@code dmar0} and the like; null if it names none. */
    private static String unitName(String text) {
        for (int at = text.indexOf("dmar"); at >= 0; at = text.indexOf("dmar", at + 1)) {
            int end = at + "dmar".length();
            int digits = end;
            while (end < text.length() && Character.isDigit(text.charAt(end))) {
                end++;
            }
            if (end > digits) {
                return text.substring(at, end);
            }
        }
        return null;
    }
}
