package io.faultline.dispatcher.internal;

import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultKind;
import io.faultline.fault.PageRequestGroup;
import java.util.List;

/** Small numbers for the kinds of fault, so that a chain is an array element away. */
final class Kinds {
    static final int UNRECOVERABLE = 0;
    static final int PAGE_REQUEST = 1;
    static final int HINT = 2;
    static final int STOP_MARKER = 3;
    static final int SIZE = 4;

    private Kinds() {}

    static int of(FaultKind kind) {
        return switch (kind) {
            case UNRECOVERABLE -> UNRECOVERABLE;
            case PAGE_REQUEST -> PAGE_REQUEST;
            case HINT -> HINT;
            case STOP_MARKER -> STOP_MARKER;
        };
    }

    /**
     * The set of some kinds.
     *
     * @param words as given by {@link FaultKind#word()}
     * @param property the property they come from, for the message
     * @return bit {@code i} for kind {@code i}
     * @throws IllegalArgumentException if there is none, or one that nobody knows
     */
    static int set(List<String> words, String property) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException(
                    property + " is missing; it names at least one of " + known());
        }
        int set = 0;
        for (String word : words) {
            FaultKind kind =
                    FaultKind.of(word)
                            .orElseThrow(
                                    () ->
                                            new IllegalArgumentException(
                                                    property
                                                            + "="
                                                            + word
                                                            + " is no kind of fault; allowed are "
                                                            + known()));
            set |= 1 << of(kind);
        }
        return set;
    }

    private static String known() {
        StringBuilder words = new StringBuilder();
        for (FaultKind kind : FaultKind.values()) {
            words.append(words.isEmpty() ? "" : ", ").append(kind.word());
        }
        return words.toString();
    }

    /** Whether a handler can take a fault over (R1, R18). */
    static boolean isDeferrable(Fault fault) {
        return !fault.observed()
                && (fault instanceof PageRequestGroup || fault instanceof AccessHint);
    }
}
