package io.faultline.fault;

/** What a fault's {@link Fault#time()} counts from. */
public enum TimeBase {
    /** Since the machine booted, as the kernel log and {@code CLOCK_MONOTONIC} count. */
    BOOT("boot"),
    /** Since 1970-01-01T00:00:00Z. */
    EPOCH("epoch"),
    /** The source gives no time; {@link Fault#time()} is 0. */
    NONE("none");

    private final String word;

    TimeBase(String word) {
        this.word = word;
    }

    /**
     * The word for this base in output.
     *
     * @return {@code boot}, {@code epoch} or {@code none}
     */
    public String word() {
        return word;
    }
}
