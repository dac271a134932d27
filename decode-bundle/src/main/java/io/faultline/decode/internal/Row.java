package io.faultline.decode.internal;

import io.faultline.fault.Fault;

/**
 * A finding as a row of the table.
 *
 * @param when time or number
 * @param device the device, or {@code -}
 * @param what the kind, in a short word
 * @param access the access, or empty
 * @param address the address, or empty
 * @param why all else that matters
 */
record Row(String when, String device, String what, String access, String address, String why) {
    /** Two rows with the same key differ only in time and address. */
    record Key(String device, String what, String access, String why) {}

    static Row of(Finding finding) {
        if (finding instanceof FaultFinding found) {
            return of(found);
        }
        String when = Columns.place(finding.place());
        String device = finding.whose().deviceText();
        if (finding instanceof GroupFinding group) {
            return new Row(when, device, "group", "", addresses(group), group.sentence());
        }
        if (finding instanceof MalformedFinding malformed) {
            String why = malformed.why() + ": " + malformed.description();
            return new Row(when, device, "malformed", "", "", Printable.of(why));
        }
        Remark remark = (Remark) finding;
        return new Row(when, device, what(remark), "", "", Printable.of(remark.description()));
    }

    /** Of a decoder's own word the last part, which has room in the column. */
    private static String what(Remark remark) {
        if (remark.isSuppressed()) {
            return "not shown";
        }
        String kind = remark.kind();
        return remark.isLost() ? Remark.LOST : kind.substring(kind.lastIndexOf('_') + 1);
    }

    private static Row of(FaultFinding found) {
        Fault fault = found.fault();
        return new Row(
                Columns.place(found.place()),
                found.whose().deviceText(),
                switch (fault.kind()) {
                    case UNRECOVERABLE -> "fault";
                    case PAGE_REQUEST -> found.isStall() ? "stall" : "request";
                    case HINT -> "hint";
                    case STOP_MARKER -> "stop";
                },
                fault.access().words().isEmpty() ? "" : fault.access().toString(),
                fault.hasIova() ? Columns.hex(fault.iova()) : "",
                Printable.of(why(found)));
    }

    private static String why(FaultFinding found) {
        Keys keys = new Keys();
        found.describe(keys);
        StringBuilder why = new StringBuilder(48);
        String event = keys.word("event");
        String reason = reason(keys);
        why.append(event == null ? reason : event);
        if (event != null && !reason.isEmpty()) {
            why.append(' ').append(reason);
        }
        if (found.fault().pasid() != Fault.NO_PASID) {
            why.append(" pasid ").append(Columns.hex(found.fault().pasid()));
        }
        if (found.isStall()) {
            why.append(" tag ").append(keys.values().get("grpid"));
        } else if (found.isPageRequest()) {
            why.append(" group ").append(keys.values().get("grpid"));
            why.append(Boolean.TRUE.equals(keys.values().get("last")) ? " last" : "");
        }
        if (found.truncated()) {
            why.append(" (truncated)");
        }
        return why.toString().strip();
    }

    /** The finer reason where there is one; that none is known is not worth a word. */
    static String reason(Keys keys) {
        String fine = keys.word("detail");
        String reason = fine == null ? keys.word("reason") : fine;
        return reason == null || reason.equals("UNKNOWN") ? "" : reason;
    }

    private static String addresses(GroupFinding group) {
        String first = Columns.hex(group.requests().get(0).iova());
        return group.requests().size() == 1 ? first : first + " ...";
    }

    Key key() {
        return new Key(device, what, access, why);
    }
}
