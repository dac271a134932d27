package io.faultline.iopf.internal;

import io.faultline.mm.FaultInResult;
import java.util.Locale;

/** Why a group could not be resolved. The word begins the reason that the next handler sees. */
enum Cause {
    /** No provider has an address space for the device and PASID. */
    NO_SPACE,
    /** No area of the space contains the address. */
    NO_AREA,
    /** The area does not grant the access. */
    ACCESS_REFUSED,
    /** No memory for the page. */
    OUT_OF_MEMORY,
    /** The page could not be read. */
    IO_ERROR,
    /** The space is being taken down. */
    GOING_AWAY,
    /** The address is not sign-extended from {@code address.bits}. */
    NON_CANONICAL,
    /** Execute was asked for without read. */
    EXECUTE_WITHOUT_READ,
    /** A stalled address size fault: no page that is brought in cures it. */
    ADDRESS_SIZE,
    /** A stage 2 fault whose record has no IPA, or a reserved class: nothing tells what to map. */
    NO_IPA,
    /** The same request was answered SUCCESS too often in too short a time. */
    NO_PROGRESS,
    /** The worker's queue is full. */
    POOL_FULL,
    /** The address space threw, or gave no result. */
    SPACE_ERROR;

    private final String word = name().toLowerCase(Locale.ROOT);

    String word() {
        return word;
    }

    /** The cause for what a space said; null says that the page is there. */
    static Cause of(FaultInResult result) {
        if (result == null) {
            return SPACE_ERROR;
        }
        return switch (result) {
            case RESIDENT -> null;
            case NO_AREA -> NO_AREA;
            case REFUSED -> ACCESS_REFUSED;
            case OUT_OF_MEMORY -> OUT_OF_MEMORY;
            case IO_ERROR -> IO_ERROR;
            case GOING_AWAY -> GOING_AWAY;
        };
    }
}
