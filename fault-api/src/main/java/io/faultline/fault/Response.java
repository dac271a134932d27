package io.faultline.fault;

/**
 * The answer to a page request group or a stalled transaction. Encoders turn it into the code of
 * their hardware; the three numbers differ on each, so no number is attached here (PCIe 10.4.2: 0,
 * 1, 15; CMD_PRI_RESP: 2, 1, 0).
 */
public enum Response {
    /** The pages are there now; the device asks again. For a stall: retry. */
    SUCCESS,

    /** At least one access is refused for good. For a stall: abort. */
    INVALID,

    /**
     * The page request interface of the function, and of all its virtual functions, shuts down.
     * Only a handler or an operator may choose it (R8). For a stall: abort, and nothing shuts down.
     */
    FAILURE
}
