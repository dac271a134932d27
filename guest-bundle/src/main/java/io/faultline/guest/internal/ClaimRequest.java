package io.faultline.guest.internal;

import io.faultline.fault.Fault;
import io.faultline.guest.internal.ErrorCode.Refused;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a guest asks to own.
 *
 * @param unit the unit's name
 * @param requester the device
 * @param noPasid requests without a PASID
 * @param allPasids requests with any PASID
 * @param pasids first and last of each range otherwise
 * @param wantsFailure whether it would answer FAILURE
 * @param virtualId what events name the device by
 * @param format how it wants events
 */
record ClaimRequest(
        String unit,
        int requester,
        boolean noPasid,
        boolean allPasids,
        List<int[]> pasids,
        boolean wantsFailure,
        int virtualId,
        int format) {
    static final int NO_EVENTS = 0;
    static final int VEVENT = 1;
    static final int RAW = 2;

    private static final int NO_PASID = 1;
    private static final int ALL_PASIDS = 1 << 1;
    private static final int WANTS_FAILURE = 1 << 2;
    private static final int MOST_RANGES = 8;
    private static final int LARGEST_PASID = 0xf_ffff;
    private static final Pattern PCI =
            Pattern.compile(
                    "(?:([0-9a-fA-F]{4}):)?([0-9a-fA-F]{1,2}):([01]?[0-9a-fA-F])\\.([0-7])");

    /** The same in types that outlive this version of the bundle. */
    Map<String, Object> state() {
        return Map.of(
                "unit", unit,
                "requester", requester,
                "none", noPasid,
                "all", allPasids,
                "pasids", pasids,
                "failure", wantsFailure,
                "id", virtualId,
                "format", format);
    }

    static ClaimRequest of(Map<?, ?> state) {
        List<int[]> ranges = new ArrayList<>();
        ((List<?>) state.get("pasids")).forEach(range -> ranges.add((int[]) range));
        return new ClaimRequest(
                (String) state.get("unit"),
                (Integer) state.get("requester"),
                (Boolean) state.get("none"),
                (Boolean) state.get("all"),
                List.copyOf(ranges),
                (Boolean) state.get("failure"),
                (Integer) state.get("id"),
                (Integer) state.get("format"));
    }

    /** Reads one, of {@link Frame#CLAIM_BYTES}. */
    static ClaimRequest read(ByteBuffer from, int number) throws Refused {
        int begin = from.position();
        String unit = Frame.text(from, 64);
        String device = Frame.text(from, 32);
        int flags = from.getInt();
        int virtualId = from.getInt();
        int format = from.getInt();
        int ranges = from.getInt();
        check(unit != null && !unit.isEmpty(), number, "unit is no name");
        check(device != null && !device.isEmpty(), number, "device is no requester or address");
        check((flags & ~7) == 0, number, "flags: bits 0 to 2 are defined");
        check(format >= 0 && format <= RAW, number, "event format: 0 to 2 are defined");
        check(ranges >= 0 && ranges <= MOST_RANGES, number, "ranges: 0 to 8 fit");
        List<int[]> pasids = new ArrayList<>();
        for (int i = 0; i < ranges; i++) {
            int first = from.getInt();
            int last = from.getInt();
            check(
                    first >= 0 && first <= last && last <= LARGEST_PASID,
                    number,
                    "PASIDs: allowed are 0 to 0xfffff, ascending");
            pasids.add(new int[] {first, last});
        }
        boolean all = (flags & ALL_PASIDS) != 0;
        boolean none = (flags & NO_PASID) != 0;
        check(all || none || ranges > 0, number, "no PASID is claimed, not even none");
        from.position(begin + Frame.CLAIM_BYTES);
        return new ClaimRequest(
                unit,
                requester(device, number),
                none,
                all,
                List.copyOf(pasids),
                (flags & WANTS_FAILURE) != 0,
                virtualId,
                format);
    }

    private static void check(boolean right, int number, String why) throws Refused {
        if (!right) {
            throw new Refused(ErrorCode.BAD_CLAIM, number, why);
        }
    }

    private static int requester(String device, int number) throws Refused {
        try {
            return requester(device);
        } catch (NumberFormatException e) {
            throw new Refused(
                    ErrorCode.BAD_CLAIM, number, device + " is no requester id or PCI address");
        }
    }

    /**
     * A device as people write it.
     *
     * @param device a PCI address, or a number of 32 bits as {@link Long#decode} reads it
     * @throws NumberFormatException if it is neither
     */
    static int requester(String device) {
        Matcher pci = PCI.matcher(device);
        if (pci.matches()) {
            int segment = pci.group(1) == null ? 0 : Integer.parseInt(pci.group(1), 16);
            return (segment << 16)
                    | (Integer.parseInt(pci.group(2), 16) << 8)
                    | (Integer.parseInt(pci.group(3), 16) << 3)
                    | Integer.parseInt(pci.group(4));
        }
        long id = Long.decode(device);
        if (id < 0 || id > 0xffff_ffffL) {
            throw new NumberFormatException(device);
        }
        return (int) id;
    }

    /** Whether a fault could belong to both. */
    boolean overlaps(ClaimRequest other) {
        if (!unit.equals(other.unit) || requester != other.requester) {
            return false;
        }
        if (noPasid && other.noPasid) {
            return true;
        }
        if (allPasids) {
            return other.allPasids || !other.pasids.isEmpty();
        }
        return other.allPasids
                ? !pasids.isEmpty()
                : pasids.stream()
                        .anyMatch(
                                mine ->
                                        other.pasids.stream()
                                                .anyMatch(
                                                        its ->
                                                                mine[0] <= its[1]
                                                                        && its[0] <= mine[1]));
    }

    /** The PASIDs as a handler's property; empty for all and none together. */
    String[] pasidProperty() {
        if (allPasids && noPasid) {
            return new String[0];
        }
        List<String> words = new ArrayList<>();
        if (noPasid) {
            words.add("none");
        }
        if (allPasids) {
            words.add("0-" + LARGEST_PASID);
        }
        pasids.forEach(range -> words.add(range[0] + "-" + range[1]));
        return words.toArray(String[]::new);
    }

    /** In words, for people. */
    String inWords() {
        String[] which = pasidProperty();
        return unit
                + " 0x"
                + Integer.toHexString(requester)
                + (which.length == 0 ? "" : " pasid " + String.join(",", which));
    }

    /** Whether a fault's PASID is claimed; the dispatcher's filter says the same. */
    boolean has(int pasid) {
        if (pasid == Fault.NO_PASID) {
            return noPasid;
        }
        return allPasids || pasids.stream().anyMatch(r -> pasid >= r[0] && pasid <= r[1]);
    }
}
