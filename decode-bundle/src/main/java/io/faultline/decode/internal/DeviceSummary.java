package io.faultline.decode.internal;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one device did. */
final class DeviceSummary {
    /** How many different words are counted apart. */
    private static final int WORDS = 16;

    private static final int SAMPLE_LENGTH = 160;

    private Whose whose;
    private final Map<String, Long> whats = new LinkedHashMap<>();
    private final Map<String, Long> accesses = new LinkedHashMap<>();
    private Place first;
    private Place last;

    private boolean hasAddress;
    private long lowest;
    private long highest;
    private long previous;
    private long steps;

    /**
     * The distance between all neighbouring addresses so far; 0: none yet, -1: they differ. Two
     * addresses make no stride.
     */
    private long stride;

    DeviceSummary(Whose whose) {
        this.whose = whose;
    }

    /** A later line names the device: false if one before it gave it another name. */
    boolean name(Whose named) {
        if (whose.device() == null) {
            whose = named;
        }
        return named.equals(whose);
    }

    void add(FaultFinding found) {
        Fault fault = found.fault();
        see(found, what(found));
        count(accesses, fault.access().words().isEmpty() ? "not told" : word(fault.access()));
        if (fault.hasIova()) {
            address(fault.iova());
        }
    }

    void add(GroupFinding group) {
        see(group, group.complete() ? "page request group" : "incomplete page request group");
        for (GroupFinding.Request request : group.requests()) {
            count(accesses, word(request.access()));
            address(request.iova());
        }
    }

    private void see(Finding finding, String what) {
        count(whats, what);
        first = first == null ? finding.place() : first;
        last = finding.place();
    }

    private static String what(FaultFinding found) {
        Keys keys = new Keys();
        found.describe(keys);
        String event = keys.word("event");
        String why = event == null ? Row.reason(keys) : event;
        String kind = found.isStall() ? "stall" : found.kind().replace('_', ' ');
        return why.isEmpty() ? kind : kind + " " + why;
    }

    private static String word(Access access) {
        return access.words().isEmpty() ? "none" : access.toString();
    }

    private static void count(Map<String, Long> counts, String word) {
        String counted = counts.containsKey(word) || counts.size() < WORDS ? word : "other";
        counts.merge(counted, 1L, Long::sum);
    }

    private void address(long address) {
        if (hasAddress) {
            long step = address - previous;
            if (step != 0) {
                stride = stride == 0 || stride == step ? step : -1;
                steps++;
            }
            lowest = Long.compareUnsigned(address, lowest) < 0 ? address : lowest;
            highest = Long.compareUnsigned(address, highest) > 0 ? address : highest;
        } else {
            hasAddress = true;
            lowest = address;
            highest = address;
        }
        previous = address;
    }

    /** Some lines, the first one with the device's name. */
    String text() {
        StringBuilder text = new StringBuilder(256);
        text.append(whose.deviceText());
        List<String> more = new ArrayList<>();
        if (whose.unit() != null) {
            more.add("unit " + Printable.of(whose.unit()));
        }
        if (whose.device() != null && whose.requester() >= 0) {
            more.add("requester " + Columns.hex(whose.requester()));
        }
        if (whose.arch() != null) {
            more.add(0, whose.arch());
        }
        text.append(more.isEmpty() ? "" : " (" + String.join(", ", more) + ")").append('\n');
        line(text, "found", counts(whats));
        line(text, "access", counts(accesses));
        if (hasAddress) {
            line(text, "addresses", addresses());
        }
        line(text, "seen", seen());
        if (first.text() != null) {
            String sample = Printable.cut(Printable.of(first.text()), SAMPLE_LENGTH);
            line(text, Columns.number(first), sample);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(String.format("    %-12s %s%n", label, value));
    }

    private static String counts(Map<String, Long> counts) {
        List<String> parts = new ArrayList<>();
        counts.forEach((word, n) -> parts.add(n + " " + word));
        return String.join(", ", parts);
    }

    private String addresses() {
        if (lowest == highest) {
            return Columns.hex(lowest);
        }
        String range = Columns.hex(lowest) + " to " + Columns.hex(highest);
        return stride > 0 && steps > 1 ? range + ", one every " + Columns.hex(stride) : range;
    }

    private String seen() {
        String from = Columns.place(first);
        String to = Columns.place(last);
        String base =
                first.hasTime() && first.timeBase().word().equals("boot") ? " s since boot" : "";
        return (from.equals(to) ? from : from + " to " + to) + base;
    }
}
