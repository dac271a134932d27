package io.faultline.fault;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One fault, as some IOMMU reported it. Immutable: it may be kept, compared by identity and passed
 * to any thread.
 */
@ProviderType
public sealed interface Fault permits UnrecoverableFault, PageRequestGroup, AccessHint, StopMarker {
    /** The value of {@link #pasid()} where a fault has no PASID. */
    int NO_PASID = -1;

    /**
     * What sort of fault this is.
     *
     * @return never null
     */
    FaultKind kind();

    /**
     * Where it comes from.
     *
     * @return what all faults of its queue share
     */
    Origin origin();

    /**
     * Whether the record names a requester.
     *
     * @return false if {@link #requester()} means nothing
     */
    boolean hasRequester();

    /**
     * Who made the transaction: a PCIe requester id in bits 15:0 with a segment or root complex
     * above it, or an Arm StreamID of up to 32 bits (unsigned).
     *
     * @return the id; 0 if {@link #hasRequester()} is false
     */
    int requester();

    /**
     * The device's name, where the source gives one.
     *
     * @return for example {@code 0000:3b:00.0}, as the source writes it; or null
     */
    String deviceName();

    /**
     * The process address space id (Arm: SubstreamID).
     *
     * @return 0 to 0xfffff, or {@link #NO_PASID}
     */
    int pasid();

    /**
     * What the access asked for; of a group, what its last request asked for.
     *
     * @return never null; {@link Access#NONE} if the record does not say
     */
    Access access();

    /**
     * Whether the record carries an IOVA.
     *
     * @return false if {@link #iova()} means nothing
     */
    boolean hasIova();

    /**
     * The I/O virtual address; of a group, that of its last request. Byte or page granular, as the
     * hardware reports it.
     *
     * @return all 64 bits; 0 if {@link #hasIova()} is false
     */
    long iova();

    /**
     * Why, in neutral words. A page request that is no stall has no reason.
     *
     * @return never null; {@link Reason#UNKNOWN} if not told
     */
    Reason reason();

    /**
     * The architecture's own number for the event, cause or reason.
     *
     * @return as the record has it, or -1
     */
    int code();

    /**
     * The stage of translation that faulted.
     *
     * @return 1 or 2, or 0 if not told
     */
    int stage();

    /**
     * What was being translated.
     *
     * @return never null
     */
    FaultClass faultClass();

    /**
     * When it was reported.
     *
     * @return nanoseconds since what {@link #timeBase()} names
     */
    long time();

    /**
     * Its number in its queue or log.
     *
     * @return the record's or line's number, counted from 1 since the source was opened
     */
    long sequence();

    /**
     * The attribute word that the decoder gave.
     *
     * @return bits of {@link FaultBits}
     */
    int attributes();

    /**
     * How many 64-bit words of the record are kept. Of a record beyond 32 bytes they are the four
     * that its decoder chose.
     *
     * @return 0 if the source gave no record (a line of text), else 1 to 4
     */
    int rawWords();

    /**
     * A word of the record as reported, little-endian; of a group, of the record that completed it.
     *
     * @param word from 0
     * @return the word
     * @throws IndexOutOfBoundsException if {@code word} is not below {@link #rawWords()}
     */
    long raw(int word);

    /**
     * The IOMMU that reported it.
     *
     * @return never null
     */
    default Unit unit() {
        return origin().unit();
    }

    /**
     * What {@link #time()} counts from.
     *
     * @return never null
     */
    default TimeBase timeBase() {
        return origin().timeBase();
    }

    /**
     * Whether we are only told about it (R18): such a fault is never pending, deferred or answered.
     *
     * @return true for a fault from a log or a source without a command port
     */
    default boolean observed() {
        return origin().observed();
    }
}
