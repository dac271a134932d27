package io.faultline.decode.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;

/** One line of an allow list: what it does not name, it does not restrict. */
final class AllowRule {
    private static final Set<String> KINDS =
            Set.of("unrecoverable", "page_request", Remark.SUPPRESSED, Remark.LOST);

    private DeviceFilter device;
    private String devicePattern;
    private String reason;
    private String kind;
    private long from;
    private long to = -1; // unsigned: no limit
    private boolean hasAddress;
    private long left = Long.MAX_VALUE;

    private AllowRule() {}

    /**
     * Reads {@code device=0000:3b:00.0 reason=PTE_FETCH addr=0x0-0xfffff max=16}.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    static AllowRule parse(String line) {
        AllowRule rule = new AllowRule();
        Set<String> given = new HashSet<>();
        for (String word : line.split("\\s+", -1)) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? "" : word.substring(equals + 1);
            if (value.isEmpty()) {
                throw new IllegalArgumentException(
                        "'" + word + "': a rule is made of device=, reason=, addr=, kind=, max=");
            }
            if (!given.add(key)) {
                throw new IllegalArgumentException(key + "= is given twice");
            }
            rule.set(key, value);
        }
        return rule;
    }

    private void set(String key, String value) {
        switch (key) {
            case "device" -> setDevice(value);
            case "reason" -> reason = value.toUpperCase(Locale.ROOT);
            case "addr" -> setAddress(value);
            case "kind" -> setKind(value);
            case "max" -> left = number("max", value, () -> Long.parseLong(value));
            default ->
                    throw new IllegalArgumentException(
                            key + "= is unknown: allowed are device, reason, addr, kind, max");
        }
    }

    private void setDevice(String value) {
        if (value.endsWith("*")) {
            devicePattern = value.substring(0, value.length() - 1).toLowerCase(Locale.ROOT);
        } else {
            device = DeviceFilter.of(value);
        }
    }

    private void setAddress(String value) {
        int dash = value.indexOf('-');
        String first = dash < 0 ? value : value.substring(0, dash);
        String last = dash < 0 ? value : value.substring(dash + 1);
        from = address(first);
        to = address(last);
        hasAddress = true;
        if (Long.compareUnsigned(from, to) > 0) {
            throw new IllegalArgumentException(
                    "addr=" + value + ": the range ends before it begins");
        }
    }

    private void setKind(String value) {
        if (!KINDS.contains(value)) {
            throw new IllegalArgumentException(
                    "kind="
                            + value
                            + " is unknown: allowed are "
                            + KINDS.stream().sorted().toList());
        }
        kind = value;
    }

    private static long address(String text) {
        String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
        return number("addr", text, () -> Long.parseUnsignedLong(digits, 16));
    }

    private static long number(String key, String text, LongSupplier parsed) {
        try {
            long value = parsed.getAsLong();
            if (value < 0 && key.equals("max")) {
                throw new IllegalArgumentException("max=" + text + " is negative");
            }
            return value;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + "=" + text + ": '" + text + "' is no number");
        }
    }

    /** Whether the rule fits and has room; if so, it has less afterwards. */
    boolean take(Finding finding) {
        long count = finding instanceof Remark remark ? Math.max(1, remark.count()) : 1;
        if (count > left || !fits(finding)) {
            return false;
        }
        if (left != Long.MAX_VALUE) {
            left -= count;
        }
        return true;
    }

    private boolean fits(Finding finding) {
        return fitsKind(finding)
                && fitsDevice(finding.whose())
                && fitsAddress(finding)
                && fitsReason(finding);
    }

    /** A rule must name what hides faults, or it would allow what nobody has seen. */
    private boolean fitsKind(Finding finding) {
        if (finding instanceof Remark remark) {
            return (remark.isLost() ? Remark.LOST : remark.kind()).equals(kind);
        }
        String found = finding instanceof GroupFinding ? "page_request" : finding.kind();
        return kind == null || kind.equals(found);
    }

    private boolean fitsDevice(Whose whose) {
        if (devicePattern != null) {
            return whose.deviceText().toLowerCase(Locale.ROOT).startsWith(devicePattern);
        }
        return device == null || device.admits(whose);
    }

    private boolean fitsAddress(Finding finding) {
        if (!hasAddress) {
            return true;
        }
        if (finding instanceof GroupFinding group) {
            return group.requests().stream().allMatch(request -> covers(request.iova()));
        }
        return finding instanceof FaultFinding found
                && found.fault().hasIova()
                && covers(found.fault().iova());
    }

    private boolean covers(long address) {
        return Long.compareUnsigned(from, address) <= 0 && Long.compareUnsigned(address, to) <= 0;
    }

    /** The generic reason, the finer one, or the architecture's word for the event. */
    private boolean fitsReason(Finding finding) {
        if (reason == null) {
            return true;
        }
        Keys keys = new Keys();
        finding.describe(keys);
        return List.of("reason", "detail", "event").stream()
                .anyMatch(key -> reason.equals(keys.word(key)));
    }
}
