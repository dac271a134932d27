package io.faultline.fault;

/**
 * What was being translated when a fault occurred (Arm IHI 0070, 7.3.12: CLASS). It tells which
 * address has to be resolved for a stage 2 fault, and for what access.
 */
public enum FaultClass {
    /** The record does not say. */
    NONE(0, null),
    /** The fetch of a context descriptor. */
    CONTEXT_FETCH(1, "CD"),
    /** The walk of stage 1 tables. */
    TABLE_WALK(2, "TT"),
    /** The address of the transaction itself. */
    INPUT(3, "IN"),
    /** A value that the architecture reserves. */
    RESERVED(4, "RESERVED");

    private static final FaultClass[] VALUES = values();

    private final int bits;
    private final String word;

    FaultClass(int number, String word) {
        this.bits = number << FaultBits.CLASS_SHIFT;
        this.word = word;
    }

    /**
     * The architecture's short word.
     *
     * @return {@code CD}, {@code TT}, {@code IN}, {@code RESERVED}, or null for {@link #NONE}
     */
    public String word() {
        return word;
    }

    /** The class's bits within {@link FaultBits#CLASS_MASK}. */
    int bits() {
        return bits;
    }

    /** The class that an attribute word names. A decoder that makes up a number gets RESERVED. */
    static FaultClass of(int attributes) {
        int number = (attributes & FaultBits.CLASS_MASK) >>> FaultBits.CLASS_SHIFT;
        return number < VALUES.length ? VALUES[number] : RESERVED;
    }
}
