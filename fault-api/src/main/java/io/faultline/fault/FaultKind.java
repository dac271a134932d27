package io.faultline.fault;

import java.util.Optional;

/**
 * What sort of fault a {@link Fault} is. A handler names the kinds it wants, so that a kind added
 * by a later version reaches nobody who does not know it.
 */
public enum FaultKind {
    /** A transaction that has already failed; nobody can answer it. */
    UNRECOVERABLE("unrecoverable"),

    /** A page request group, or a stalled transaction: expects exactly one response. */
    PAGE_REQUEST("page_request"),

    /** A speculative request that nobody waits for and nobody may answer. */
    HINT("hint"),

    /** "No more requests with this PASID" (PCIe, 10.4.1.2); answered by nobody. */
    STOP_MARKER("page_request_stop");

    private final String word;

    FaultKind(String word) {
        this.word = word;
    }

    /**
     * The word for this kind in service properties, JSON and tables.
     *
     * @return for example {@code page_request}
     */
    public String word() {
        return word;
    }

    /**
     * The kind that a word names.
     *
     * @param word as given by {@link #word()}
     * @return the kind, or empty if no kind has that word
     */
    public static Optional<FaultKind> of(String word) {
        for (FaultKind kind : values()) {
            if (kind.word.equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
