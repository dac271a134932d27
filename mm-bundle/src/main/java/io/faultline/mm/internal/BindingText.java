package io.faultline.mm.internal;

import io.faultline.fault.Fault;
import io.faultline.mm.SpaceBinding;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bindings as text: {@code unit=smmu0 requester=00:04.0 pasid=7 stage=1}. Each part may be missing
 * or {@code any}; requesters and PASIDs may be ranges; {@code pasid=none} is what has none.
 */
final class BindingText {
    private static final int LAST_PASID = 0xf_ffff;

    /** Bus, device and function, without a segment: what fits a PCIe requester id. */
    private static final Pattern BDF =
            Pattern.compile("(\\p{XDigit}{1,2}):([01]?\\p{XDigit})\\.([0-7])");

    private BindingText() {}

    /**
     * Reads a binding.
     *
     * @throws IllegalArgumentException names the part and what is allowed
     */
    static SpaceBinding parse(String text) {
        String unit = null;
        Words.Range requesters = new Words.Range(0, 0xffff_ffffL);
        String pasids = "any";
        int stage = 1;
        for (String part : Words.of(text)) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            switch (key) {
                case "unit" -> unit = value.equals("any") ? null : value;
                case "requester" -> requesters = requesters(value, requesters);
                case "pasid" -> pasids = value;
                case "stage" -> stage = new Words.Range(Words.number(key, value), 0).firstInt(key);
                default ->
                        throw new IllegalArgumentException(
                                part
                                        + ": allowed are unit=, requester=, pasid= and stage=, each"
                                        + " with a value or any");
            }
        }
        return binding(unit, requesters, pasids, stage);
    }

    private static SpaceBinding binding(
            String unit, Words.Range requesters, String pasids, int stage) {
        int first = Fault.NO_PASID;
        int last = stage == 2 ? Fault.NO_PASID : LAST_PASID;
        if (pasids.equals("none")) {
            last = Fault.NO_PASID;
        } else if (!pasids.equals("any")) {
            Words.Range range = Words.range("pasid", pasids);
            first = range.firstInt("pasid");
            last = range.lastInt("pasid");
        }
        return new SpaceBinding(
                unit,
                requesters.firstInt("requester"),
                requesters.lastInt("requester"),
                first,
                last,
                stage);
    }

    private static Words.Range requesters(String value, Words.Range any) {
        if (value.equals("any")) {
            return any;
        }
        Matcher bdf = BDF.matcher(value);
        if (!bdf.matches()) {
            return Words.range("requester", value);
        }
        int device =
                (Integer.parseInt(bdf.group(1), 16) << 8)
                        | (Integer.parseInt(bdf.group(2), 16) << 3)
                        | Integer.parseInt(bdf.group(3));
        return new Words.Range(device, device);
    }

    /** A binding as a text that {@link #parse} reads. */
    static String of(SpaceBinding binding) {
        String unit = binding.unit() == null ? "any" : binding.unit();
        boolean anybody = binding.firstRequester() == 0 && binding.lastRequester() == -1;
        String requester = anybody ? "any" : hex(binding.firstRequester(), binding.lastRequester());
        return "unit=%s requester=%s pasid=%s stage=%d"
                .formatted(unit, requester, pasid(binding), binding.stage());
    }

    private static String pasid(SpaceBinding binding) {
        if (binding.lastPasid() == Fault.NO_PASID) {
            return "none";
        }
        return binding.firstPasid() == Fault.NO_PASID
                ? "any"
                : hex(binding.firstPasid(), binding.lastPasid());
    }

    private static String hex(int first, int last) {
        return first == last ? "0x%x".formatted(first) : "0x%x-0x%x".formatted(first, last);
    }
}
