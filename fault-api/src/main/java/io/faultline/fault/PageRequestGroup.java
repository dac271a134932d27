package io.faultline.fault;

import java.util.Objects;

/**
 * All page requests of one group index up to the one marked last, which are answered as a whole; or
 * one stalled transaction, answered by its tag.
 *
 * <p>The expected answer is one {@link Response} for the group (R7). An {@linkplain #observed()
 * observed} page request is a group of one that nobody can answer.
 */
public final class PageRequestGroup extends ReportedFault implements Fault {
    private final int groupIndex;

    /** IOVA and access of each request in order of arrival; null for a group of one. */
    private final long[] requests;

    PageRequestGroup(
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
            int groupIndex,
            long iova,
            long ipa,
            long w0,
            long w1,
            long w2,
            long w3,
            long[] requests) {
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
                ipa,
                w0,
                w1,
                w2,
                w3);
        this.groupIndex = groupIndex;
        this.requests = requests;
    }

    @Override
    public FaultKind kind() {
        return FaultKind.PAGE_REQUEST;
    }

    /**
     * The page request group index; of a stall, its tag.
     *
     * @return 0 to 511 for page requests of PCIe devices, 0 to 65535 for stalls; unsigned
     */
    public int groupIndex() {
        return groupIndex;
    }

    /**
     * Whether this is a stalled transaction.
     *
     * @return true for a stall: a group of one
     */
    public boolean stalled() {
        return is(FaultBits.STALLED);
    }

    /**
     * Whether the request that ends the group is in it. False only for what is shown before its
     * group is complete ({@code decode} without {@code --groups}); handlers always see complete
     * groups.
     *
     * @return true if the last request came
     */
    public boolean complete() {
        return is(FaultBits.LAST);
    }

    /**
     * How many requests the group has.
     *
     * @return at least 1
     */
    public int size() {
        return requests == null ? 1 : requests.length >> 1;
    }

    /**
     * The address of one request.
     *
     * @param i from 0, in order of arrival
     * @return its IOVA: a page for page requests, the full address for a stall
     * @throws IndexOutOfBoundsException if {@code i} is not below {@link #size()}
     */
    public long iova(int i) {
        Objects.checkIndex(i, size());
        return requests == null ? iova() : requests[2 * i];
    }

    /**
     * The access of one request.
     *
     * @param i from 0, in order of arrival
     * @return what it asked for
     * @throws IndexOutOfBoundsException if {@code i} is not below {@link #size()}
     */
    public Access access(int i) {
        Objects.checkIndex(i, size());
        return requests == null ? access() : Access.of((int) requests[2 * i + 1]);
    }

    /**
     * Whether the record carries an intermediate physical address: then that, in the stage 2 space,
     * is what has to be resolved, not the IOVA (Arm IHI 0070, 7.3.13).
     *
     * @return true for a stall at stage 2
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
        return second();
    }

    /**
     * Whether the access that faulted was the walk's write of a descriptor. It matters where {@link
     * #faultClass()} is {@link FaultClass#TABLE_WALK} at stage 2: then that write, not the
     * transaction's own access, is what the IPA is wanted for.
     *
     * @return true for a write; false for a read, or if the record does not say
     */
    public boolean isTableWrite() {
        return is(FaultBits.TABLE_WRITE);
    }

    /**
     * What an answer must give back to the hardware. Opaque to handlers.
     *
     * @return a new token of equal content at each call
     */
    public ResponseToken token() {
        boolean privateData = is(FaultBits.PRIVATE_DATA);
        return new ResponseToken(
                origin().generation(),
                is(FaultBits.ANSWER_WITH_PASID),
                is(FaultBits.LAST),
                privateData,
                privateData ? word2() : 0,
                privateData ? word3() : 0);
    }
}
