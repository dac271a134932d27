package io.faultline.mm;

import io.faultline.fault.Access;

/**
 * What a space wrote down about one page.
 *
 * @param number 0 for the space's first entry, then one more each
 * @param address the page's first address
 * @param access the access for which it was brought in
 * @param kind what happened
 */
public record PageIn(long number, long address, Access access, Kind kind) {
    /** What happened to the page. */
    public enum Kind {
        /** It became resident. */
        BROUGHT_IN,
        /** It became resident with a private copy at once: the access was a write. */
        BROUGHT_IN_WRITABLE,
        /** It was resident for reading; the first write came. */
        MADE_WRITABLE,
        /** It was taken out again. */
        DISCARDED
    }
}
