package io.faultline.shell.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.TimeBase;
import io.faultline.fault.UnrecoverableFault;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalLong;

/** How single values look in tables, and how they are read from a command line. */
final class Cells {
    /** What stands where there is nothing to say. */
    static final String NONE = "-";

    private static final long SECOND = 1_000_000_000;

    private Cells() {}

    /** {@code 1,234,567}. */
    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** {@code 41 ns}, {@code 1.2 us}; nothing for a negative one. */
    static String duration(long nanos) {
        if (nanos < 0) {
            return NONE;
        }
        if (nanos < 1_000) {
            return nanos + " ns";
        }
        if (nanos < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
        }
        return nanos < SECOND
                ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
                : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    /** Seconds since boot as {@code dmesg} prints them, or a time of day with its date. */
    static String time(long nanos, TimeBase base) {
        return switch (base) {
            case BOOT ->
                    String.format(Locale.ROOT, "%d.%06d", nanos / SECOND, nanos % SECOND / 1_000);
            case EPOCH ->
                    Instant.ofEpochSecond(nanos / SECOND, nanos % SECOND)
                            .truncatedTo(ChronoUnit.MILLIS)
                            .toString();
            case NONE -> NONE;
        };
    }

    /** Who made the transaction: its name if there is one, else its number. */
    static String device(Fault fault) {
        if (fault.deviceName() != null) {
            return fault.deviceName();
        }
        return fault.hasRequester() ? requester(fault.requester()) : NONE;
    }

    /** {@code 0x0108 01:01.0}: the second is meant where requesters are PCI functions. */
    static String requester(int requester) {
        if (requester >>> 16 != 0) {
            return String.format(Locale.ROOT, "0x%x", requester);
        }
        return String.format(
                Locale.ROOT,
                "0x%04x %02x:%02x.%x",
                requester,
                requester >> 8,
                requester >> 3 & 0x1f,
                requester & 7);
    }

    /**
     * Reads a requester: {@code 256}, {@code 0x100}, {@code 01:00.0}; {@code 0001:01:00.0} has the
     * segment above it.
     */
    static OptionalLong requester(String text) {
        try {
            if (text.matches("([0-9a-fA-F]{1,4}:)?[0-9a-fA-F]{1,2}:[01][0-9a-fA-F]\\.[0-7]")) {
                String[] parts = text.split("[:.]", -1);
                int n = parts.length;
                long segment = n == 4 ? Long.parseLong(parts[0], 16) : 0;
                long bus = Long.parseLong(parts[n - 3], 16);
                long device = Long.parseLong(parts[n - 2], 16);
                return OptionalLong.of(
                        segment << 16 | bus << 8 | device << 3 | Long.parseLong(parts[n - 1]));
            }
            long number =
                    text.startsWith("0x")
                            ? Long.parseLong(text.substring(2), 16)
                            : Long.parseLong(text);
            return number >= 0 && number <= 0xffff_ffffL
                    ? OptionalLong.of(number)
                    : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // the caller says what is allowed
        }
    }

    /**
     * The requester that a command names.
     *
     * @throws IllegalArgumentException says what is allowed
     */
    static int device(String text) {
        return (int)
                requester(text)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "device="
                                                        + text
                                                        + ": allowed are 256, 0x100 and 01:00.0"));
    }

    /** {@code 0x1000}; of a group the first, and how many more pages it asks for. */
    static String address(Fault fault) {
        if (!fault.hasIova()) {
            return NONE;
        }
        return fault instanceof PageRequestGroup group && group.size() > 1
                ? "0x" + Long.toHexString(group.iova(0)) + " +" + (group.size() - 1)
                : "0x" + Long.toHexString(fault.iova());
    }

    static String pasid(Fault fault) {
        return fault.pasid() == Fault.NO_PASID ? NONE : Integer.toString(fault.pasid());
    }

    /** {@code R}, {@code RW}, {@code RX+}: the plus stands for a privileged access. */
    static String access(Fault fault) {
        String words = String.join("", fault.access().words());
        return words.isEmpty() ? NONE : words.replace("PRIV", "+");
    }

    /** Why it failed or stalled; page requests have no reason. */
    static String reason(Fault fault) {
        boolean hasReason =
                fault instanceof UnrecoverableFault
                        || (fault instanceof PageRequestGroup group && group.stalled());
        return hasReason ? fault.reason().word().toLowerCase(Locale.ROOT) : NONE;
    }
}
