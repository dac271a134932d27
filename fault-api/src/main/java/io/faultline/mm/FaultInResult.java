package io.faultline.mm;

/** What became of an attempt to make a page accessible. */
public enum FaultInResult {
    /** The page is there now. */
    RESIDENT,
    /** No area of the space contains the address. */
    NO_AREA,
    /** The area does not grant the access. */
    REFUSED,
    /** No memory for the page. */
    OUT_OF_MEMORY,
    /** The page could not be read. */
    IO_ERROR,
    /** The space is being taken down. */
    GOING_AWAY
}
