package io.faultline.dispatcher.internal;

import io.faultline.fault.FaultKind;
import io.faultline.handler.Handles;
import java.util.List;
import java.util.Map;

/**
 * What a handler asked to be offered, read from its service properties.
 *
 * @param kindSet bit {@code i} for kind {@code i} of {@link Kinds}
 * @param kindWords the kinds in words
 * @param units names, none for all
 * @param requesters null for all
 * @param pasids null for any, and for faults without one
 * @param observed whether it is offered observed faults too
 * @param owner whether handlers that name no device are not asked where this one is (R19)
 * @param text the narrowing properties, in words
 */
record HandlerFilter(
        int kindSet,
        List<String> kindWords,
        List<String> units,
        Ranges requesters,
        Ranges pasids,
        boolean observed,
        boolean owner,
        String text) {

    /**
     * Reads the properties of {@link Handles}.
     *
     * @throws IllegalArgumentException naming the property and value that are wrong
     */
    static HandlerFilter of(Map<String, ?> properties) {
        List<String> kinds = Words.of(properties, Handles.KINDS);
        List<String> units = Words.of(properties, Handles.UNITS);
        List<String> requesters = Words.of(properties, Handles.REQUESTERS);
        List<String> pasids = Words.of(properties, Handles.PASIDS);
        StringBuilder text = new StringBuilder();
        append(text, "unit", units);
        append(text, "requester", requesters);
        append(text, "pasid", pasids);
        int kindSet = Kinds.set(kinds, Handles.KINDS);
        boolean owner = Words.isTrue(properties, Handles.OWNER);
        if (owner && (requesters.isEmpty() || (kindSet & (1 << Kinds.PAGE_REQUEST)) == 0)) {
            throw new IllegalArgumentException(
                    Handles.OWNER
                            + "=true needs "
                            + Handles.REQUESTERS
                            + " and the kind "
                            + FaultKind.PAGE_REQUEST.word());
        }
        return new HandlerFilter(
                kindSet,
                List.copyOf(kinds),
                List.copyOf(units),
                ranges(Handles.REQUESTERS, requesters, 0xffff_ffffL, false),
                ranges(Handles.PASIDS, pasids, 0xf_ffff, true),
                Words.isTrue(properties, Handles.OBSERVED),
                owner,
                text.toString());
    }

    private static Ranges ranges(String key, List<String> texts, long most, boolean none) {
        try {
            return Ranges.parse(texts, most, none);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    private static void append(StringBuilder text, String name, List<String> values) {
        if (!values.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(name)
                    .append('=')
                    .append(String.join(",", values));
        }
    }

    boolean wantsPageRequests() {
        return (kindSet & (1 << Kinds.PAGE_REQUEST)) != 0;
    }

    /** The same, of page requests only, and of none that are only observed. */
    HandlerFilter onlyPageRequests() {
        return new HandlerFilter(
                kindSet & (1 << Kinds.PAGE_REQUEST),
                List.of(FaultKind.PAGE_REQUEST.word()),
                units,
                requesters,
                pasids,
                false,
                owner,
                text);
    }

    /** Whether it keeps what names no device away from faults of that kind and device (R19). */
    boolean owns(int kind, long requester) {
        return owner
                && (kind == Kinds.PAGE_REQUEST || kind == Kinds.HINT)
                && requesters.contains(requester);
    }

    boolean wants(int kind, String unit, boolean observedFaults) {
        return (kindSet & (1 << kind)) != 0
                && (units.isEmpty() || units.contains(unit))
                && (observed || !observedFaults);
    }
}
