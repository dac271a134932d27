package io.faultline.decode.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * What was found, by device. Nothing is invented: what the kernel did not print is told as printed,
 * with the bounds of what it stands for.
 */
final class Summary {
    /** How many devices are told apart; the rest shares a row. */
    private static final int DEVICES = 4096;

    private static final int FUNCTIONS = 256;

    /** Takes the text. */
    @FunctionalInterface
    interface Printer {
        void print(String text) throws IOException;
    }

    /** What identifies a device's row. */
    private record DeviceKey(String arch, String unit, String device) {}

    /** What a device is to its IOMMU. */
    private record RequesterKey(String arch, String unit, long requester) {}

    /** What identifies a row of calls that were not printed. */
    private record FunctionKey(String function, String device) {}

    /** Calls that were not printed, and the faults that they stand for. */
    private static final class Suppressed {
        private long calls;
        private long atLeast;
        private long atMost;

        void add(Remark remark) {
            calls += remark.count();
            atLeast += remark.atLeast();
            boolean unbounded = remark.atMost() == Long.MAX_VALUE || atMost == Long.MAX_VALUE;
            atMost = unbounded ? Long.MAX_VALUE : atMost + remark.atMost();
        }

        /** How many faults, and how sure that is. */
        String faults() {
            if (atLeast == atMost) {
                return "exactly " + Columns.count(atLeast, "fault");
            }
            return atMost == Long.MAX_VALUE
                    ? "at least " + Columns.count(atLeast, "fault")
                    : atLeast + " to " + atMost + " faults";
        }
    }

    private final Map<DeviceKey, DeviceSummary> devices = new LinkedHashMap<>();

    /** The last device seen of each requester that {@link #devices} has. */
    private final Map<RequesterKey, DeviceSummary> requesters = new HashMap<>();

    private final Map<FunctionKey, Suppressed> suppressed = new LinkedHashMap<>();
    private final Suppressed allSuppressed = new Suppressed();
    private int rows;
    private long losses;
    private long faults;
    private long requests;
    private long malformed;
    private long gaps;
    private long lost;
    private long statuses;

    void add(Finding finding) {
        if (finding instanceof FaultFinding found) {
            addFault(found);
        } else if (finding instanceof GroupFinding group) {
            requests += group.requests().size();
            device(group).add(group);
        } else if (finding instanceof MalformedFinding) {
            malformed++;
        } else if (finding instanceof Remark remark) {
            addRemark(remark);
        }
    }

    private void addFault(FaultFinding found) {
        switch (found.fault().kind()) {
            case UNRECOVERABLE -> faults++;
            case PAGE_REQUEST -> requests++;
            case HINT, STOP_MARKER -> {} // neither has failed or waits for an answer
        }
        device(found).add(found);
    }

    /**
     * The row of a finding's device. Kernels name a device in one line and give its number only in
     * the next: to one IOMMU the number is the device.
     */
    private DeviceSummary device(Finding finding) {
        Whose whose = finding.whose();
        DeviceKey key = new DeviceKey(whose.arch(), whose.unit(), whose.deviceText());
        DeviceSummary row = devices.get(key);
        if (row != null) {
            return row;
        }
        RequesterKey requester = new RequesterKey(whose.arch(), whose.unit(), whose.requester());
        if (whose.requester() >= 0) {
            row = requesters.get(requester);
            if (row != null && (whose.device() == null || row.name(whose))) {
                devices.put(key, row);
                return row;
            }
        }
        if (rows >= DEVICES) {
            DeviceKey others = new DeviceKey(null, null, "others");
            return devices.computeIfAbsent(
                    others, k -> new DeviceSummary(new Whose(null, null, "others", -1)));
        }
        row = new DeviceSummary(whose);
        rows++;
        devices.put(key, row);
        if (whose.requester() >= 0) {
            requesters.put(requester, row);
        }
        return row;
    }

    private void addRemark(Remark remark) {
        if (remark.isSuppressed()) {
            allSuppressed.add(remark);
            String device = remark.whose().device();
            FunctionKey key = new FunctionKey(String.valueOf(remark.function()), device);
            if (suppressed.containsKey(key) || suppressed.size() < FUNCTIONS) {
                suppressed.computeIfAbsent(key, k -> new Suppressed()).add(remark);
            }
        } else if (remark.kind().equals(Remark.LOST_EVENTS)) {
            losses++;
        } else if (remark.isLost()) {
            gaps++;
            lost += Math.max(0, remark.count());
        } else if (remark.kind().equals(Remark.STATUS)) {
            statuses++;
        }
    }

    void write(Printer out) throws IOException {
        for (DeviceSummary device : new LinkedHashSet<>(devices.values())) {
            out.print(device.text());
            out.print("\n");
        }
        if (!suppressed.isEmpty()) {
            out.print("Not printed by the kernel\n");
            for (Map.Entry<FunctionKey, Suppressed> entry : suppressed.entrySet()) {
                out.print("    " + line(entry.getKey(), entry.getValue()) + "\n");
            }
            out.print("\n");
        }
        out.print(total() + "\n");
    }

    private static String line(FunctionKey key, Suppressed suppressed) {
        return Columns.count(suppressed.calls, "call")
                + " of "
                + Printable.of(key.function())
                + ": "
                + suppressed.faults()
                + (key.device() == null
                        ? ", no device is named"
                        : " of " + Printable.of(key.device()));
    }

    private String total() {
        StringBuilder total = new StringBuilder("In all: ");
        total.append(Columns.count(faults, "fault"));
        if (requests > 0) {
            total.append(" and ").append(Columns.count(requests, "page request"));
        }
        total.append(" of ").append(Columns.count(rows, "device"));
        if (allSuppressed.calls > 0) {
            total.append("; ").append(allSuppressed.faults()).append(" not printed");
        }
        if (malformed > 0) {
            total.append("; ").append(Columns.count(malformed, "malformed record"));
        }
        if (losses > 0) {
            total.append("; events were lost in ").append(Columns.count(losses, "place"));
        }
        if (gaps > 0) {
            total.append("; ").append(Columns.count(gaps, "gap"));
            total.append(" in the log (").append(Columns.count(lost, "line")).append(')');
        }
        if (statuses > 0) {
            total.append("; ").append(Columns.count(statuses, "status line"));
        }
        return total.toString();
    }
}
