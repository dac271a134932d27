package io.faultline.decode.internal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Devices as users name them: a PCI address, a requester id, or the name of a platform device. */
final class DeviceFilter {
    /** A PCI address, with or without segment. */
    private record Address(int segment, int requester) {
        private static final int ANY_SEGMENT = -1;
        private static final Pattern FORM =
                Pattern.compile(
                        "(?:([0-9a-f]{4,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\\.([0-7])",
                        Pattern.CASE_INSENSITIVE);

        /** The address that a name is, or null. */
        static Address of(String name) {
            Matcher form = FORM.matcher(name);
            if (!form.matches() || Integer.parseInt(form.group(3), 16) > 0x1f) {
                return null;
            }
            int segment =
                    form.group(1) == null
                            ? ANY_SEGMENT
                            : Integer.parseUnsignedInt(form.group(1), 16);
            int requester =
                    Integer.parseInt(form.group(2), 16) << 8
                            | Integer.parseInt(form.group(3), 16) << 3
                            | Integer.parseInt(form.group(4));
            return new Address(segment, requester);
        }

        boolean isSame(Address other) {
            return requester == other.requester
                    && (segment == other.segment
                            || segment == ANY_SEGMENT
                            || other.segment == ANY_SEGMENT);
        }

        /** Above the 16 bits of a requester id some units put the segment, others nothing. */
        boolean isRequester(long id) {
            long above = id >>> 16;
            return (id & 0xffff) == requester
                    && (above == 0 || segment == ANY_SEGMENT || above == segment);
        }
    }

    private final String name;
    private final Address address;
    private final long requester;

    private DeviceFilter(String name) {
        this.name = name;
        this.address = Address.of(name);
        this.requester = address == null ? number(name) : -1;
    }

    static DeviceFilter of(String name) {
        return new DeviceFilter(name);
    }

    /** Whether one of them admits it; no filter admits all. */
    static boolean admits(List<DeviceFilter> filters, Whose whose) {
        return filters.isEmpty() || filters.stream().anyMatch(f -> f.admits(whose));
    }

    boolean admits(Whose whose) {
        if (whose.device() != null) {
            if (whose.device().equalsIgnoreCase(name)) {
                return true;
            }
            Address named = Address.of(whose.device());
            if (named != null) {
                return address != null
                        ? address.isSame(named)
                        : requester >= 0 && named.isRequester(requester);
            }
        }
        if (whose.requester() < 0) {
            return false;
        }
        return address != null
                ? address.isRequester(whose.requester())
                : requester == whose.requester();
    }

    private static long number(String text) {
        try {
            return text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseLong(text.substring(2), 16)
                    : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1; // a name
        }
    }
}
