package io.faultline.fault;

import java.util.List;
import java.util.stream.Stream;

/**
 * The rights that an access asked for. There are sixteen, one object each, so {@code ==} compares.
 *
 * <p>{@link #NONE} also stands for "the record does not say".
 */
public final class Access {
    private static final Access[] ALL = new Access[16];

    static {
        for (int bits = 0; bits < ALL.length; bits++) {
            ALL[bits] = new Access(bits);
        }
    }

    /** No right named. */
    public static final Access NONE = ALL[0];

    /** A plain read. */
    public static final Access READ = ALL[FaultBits.READ];

    /** A plain write. */
    public static final Access WRITE = ALL[FaultBits.WRITE];

    private final int bits;
    private final List<String> words;

    private Access(int bits) {
        this.bits = bits;
        this.words =
                Stream.of(
                                word(FaultBits.READ, "R"),
                                word(FaultBits.WRITE, "W"),
                                word(FaultBits.EXEC, "X"),
                                word(FaultBits.PRIV, "PRIV"))
                        .filter(w -> !w.isEmpty())
                        .toList();
    }

    private String word(int bit, String word) {
        return (bits & bit) != 0 ? word : "";
    }

    /**
     * The access with these rights.
     *
     * @param bits an OR of {@link FaultBits#READ} to {@link FaultBits#PRIV}; other bits are ignored
     * @return the one object for them
     */
    public static Access of(int bits) {
        return ALL[bits & FaultBits.ACCESS_MASK];
    }

    /**
     * The rights as bits.
     *
     * @return 0 to 15: {@link FaultBits#READ} to {@link FaultBits#PRIV}
     */
    public int bits() {
        return bits;
    }

    /**
     * Whether a read was asked for.
     *
     * @return true for a read
     */
    public boolean isRead() {
        return (bits & FaultBits.READ) != 0;
    }

    /**
     * Whether a write was asked for.
     *
     * @return true for a write
     */
    public boolean isWrite() {
        return (bits & FaultBits.WRITE) != 0;
    }

    /**
     * Whether an instruction fetch was asked for.
     *
     * @return true for execute
     */
    public boolean isExecute() {
        return (bits & FaultBits.EXEC) != 0;
    }

    /**
     * Whether the access was privileged.
     *
     * @return true for privileged
     */
    public boolean isPrivileged() {
        return (bits & FaultBits.PRIV) != 0;
    }

    /**
     * The rights as words, in the order R, W, X, PRIV.
     *
     * @return an immutable list, empty for {@link #NONE}
     */
    public List<String> words() {
        return words;
    }

    /** The words joined by {@code +}; {@code -} for none. */
    @Override
    public String toString() {
        return words.isEmpty() ? "-" : String.join("+", words);
    }
}
