package io.faultline.fault;

/** A transaction that has already failed: it can be reported, not cured. */
public final class UnrecoverableFault extends ReportedFault implements Fault {
    UnrecoverableFault(
            Origin origin,
            String deviceName,
            long time,
            long sequence,
            int rawWords,
            Reason reason,
            int code,
            int attributes,
            int requester,
            int pasid,
            long iova,
            long second,
            long w0,
            long w1,
            long w2,
            long w3) {
        super(
                origin,
                deviceName,
                time,
                sequence,
                rawWords,
                reason,
                code,
                attributes,
                requester,
                pasid,
                iova,
                second,
                w0,
                w1,
                w2,
                w3);
    }

    @Override
    public FaultKind kind() {
        return FaultKind.UNRECOVERABLE;
    }

    /**
     * Whether the record carries an intermediate physical address.
     *
     * @return true for a stage 2 fault whose record names it
     */
    public boolean hasIpa() {
        return is(FaultBits.HAS_IPA);
    }

    /**
     * The intermediate physical address. It is the host's: never shown to a guest.
     *
     * @return the address, or 0 if {@link #hasIpa()} is false
     */
    public long ipa() {
        return hasIpa() ? second() : 0;
    }

    /**
     * Whether the record names a descriptor whose fetch failed.
     *
     * @return true if {@link #fetchAddress()} means something
     */
    public boolean hasFetchAddress() {
        return is(FaultBits.HAS_FETCH);
    }

    /**
     * The physical address of the descriptor whose fetch failed. It is the host's: never shown to a
     * guest.
     *
     * @return the address, or 0 if {@link #hasFetchAddress()} is false
     */
    public long fetchAddress() {
        return hasFetchAddress() ? second() : 0;
    }

    /**
     * Whether the record names the index of an interrupt that remapping refused. Such a fault has
     * no IOVA.
     *
     * @return true if {@link #interruptIndex()} means something
     */
    public boolean hasInterruptIndex() {
        return is(FaultBits.HAS_INTERRUPT);
    }

    /**
     * The index into the interrupt remapping table.
     *
     * @return 0 to 65535; 0 if {@link #hasInterruptIndex()} is false
     */
    public int interruptIndex() {
        return hasInterruptIndex() ? (int) second() : 0;
    }
}
