package io.faultline.dispatcher.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some ranges of unsigned 32-bit numbers, as a handler's filter names them: numbers, PCI addresses,
 * and ranges of either.
 */
final class Ranges {
    private static final Pattern PCI =
            Pattern.compile(
                    "(?:([0-9a-fA-F]{4}):)?([0-9a-fA-F]{1,2}):([0-9a-fA-F]{1,2})\\.([0-7])");

    /** Lowest and highest number of each range, both included, in the order given. */
    private final long[] bounds;

    /** Whether the word {@code none} was among them. */
    private final boolean none;

    private Ranges(long[] bounds, boolean none) {
        this.bounds = bounds;
        this.none = none;
    }

    /**
     * Reads some ranges.
     *
     * @param texts numbers and ranges; {@code none} too if {@code most} is a PASID's
     * @param most the largest number allowed
     * @param noneAllowed whether the word {@code none} is
     * @return the ranges, or null if there is no text
     * @throws IllegalArgumentException naming the text that is wrong
     */
    static Ranges parse(List<String> texts, long most, boolean noneAllowed) {
        if (texts.isEmpty()) {
            return null;
        }
        List<Long> bounds = new ArrayList<>();
        boolean none = false;
        for (String text : texts) {
            if (noneAllowed && text.trim().equals("none")) {
                none = true;
                continue;
            }
            int dash = text.indexOf('-');
            long first = number(text, dash < 0 ? text : text.substring(0, dash), most);
            long last = dash < 0 ? first : number(text, text.substring(dash + 1), most);
            if (last < first) {
                throw new IllegalArgumentException(text + " ends before it begins");
            }
            bounds.add(first);
            bounds.add(last);
        }
        return new Ranges(bounds.stream().mapToLong(Long::longValue).toArray(), none);
    }

    private static long number(String whole, String text, long most) {
        String trimmed = text.trim();
        Matcher pci = PCI.matcher(trimmed);
        long number;
        if (pci.matches()) {
            long segment = pci.group(1) == null ? 0 : Long.parseLong(pci.group(1), 16);
            long device = Long.parseLong(pci.group(3), 16);
            if (device > 31) {
                throw new IllegalArgumentException(whole + " has no PCI device 0x" + pci.group(3));
            }
            number =
                    (segment << 16)
                            | (Long.parseLong(pci.group(2), 16) << 8)
                            | (device << 3)
                            | Long.parseLong(pci.group(4));
        } else {
            try {
                number = Long.decode(trimmed);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        whole + " is no number, PCI address or range of them", e);
            }
        }
        if (number < 0 || number > most) {
            throw new IllegalArgumentException(
                    whole + " is out of range; allowed are 0 to 0x" + Long.toHexString(most));
        }
        return number;
    }

    /** Whether a number is in one of the ranges; negative stands for none. */
    boolean contains(long number) {
        if (number < 0) {
            return none;
        }
        for (int i = 0; i < bounds.length; i += 2) {
            if (number >= bounds[i] && number <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** Adds the numbers at which membership may change. */
    void addCuts(List<Long> cuts) {
        for (int i = 0; i < bounds.length; i += 2) {
            cuts.add(bounds[i]);
            cuts.add(bounds[i + 1] + 1);
        }
    }
}
