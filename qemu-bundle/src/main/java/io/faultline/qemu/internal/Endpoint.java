package io.faultline.qemu.internal;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PCI device of the machine that touches an address when it is told to. Its accesses are over
 * when {@link Qtest#flush()} returns.
 */
abstract class Endpoint {
    /** What an access is. */
    enum Direction {
        READ,
        WRITE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern ADDRESS =
            Pattern.compile("(?:0000:)?(?:00:)?([0-9a-fA-F]{1,2})\\.([0-7])");

    private static final int COMMAND = 0x4;
    private static final int MEMORY_AND_MASTER = 0x6;

    final Pci pci;
    final Qtest qtest;

    /** Where its registers are. */
    final long bar;

    final int requester;

    private final String model;
    private final Direction direction;
    private final String note;

    Endpoint(Pci pci, Qtest qtest, Slot slot, long bar) {
        this.pci = pci;
        this.qtest = qtest;
        this.bar = bar;
        this.requester = slot.requester();
        this.model = slot.model();
        this.direction = slot.model().equals(Slot.HDA) ? Direction.READ : Direction.WRITE;
        this.note = slot.note();
    }

    /** Gives it its registers and lets it be a bus master. */
    final void enable(int barOffset) {
        pci.write(requester, barOffset, (int) bar);
        pci.write(requester, COMMAND, MEMORY_AND_MASTER);
    }

    /**
     * Accesses an address.
     *
     * @param address a multiple of {@link #alignment()}
     */
    abstract void touch(long address);

    /** How many accesses one {@link #touch} makes, the first of them of that address. */
    int accesses() {
        return 1;
    }

    /** What addresses are multiples of. */
    int alignment() {
        return Integer.BYTES;
    }

    final Direction direction() {
        return direction;
    }

    final String model() {
        return model;
    }

    /** What is special about it. */
    final String note() {
        return note;
    }

    final String address() {
        return address(requester);
    }

    static String address(int requester) {
        return "00:%02x.%x".formatted(requester >> 3, requester & 7);
    }

    /** Reads a PCI address on bus 0, or a requester id; -1 if it is neither. */
    static int requester(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (address.matches()) {
            return Integer.parseInt(address.group(1), 16) << 3
                    | Integer.parseInt(address.group(2), 16);
        }
        try {
            return Integer.decode(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
