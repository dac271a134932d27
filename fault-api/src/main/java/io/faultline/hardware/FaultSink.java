package io.faultline.hardware;

import io.faultline.fault.Reason;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes what a decoder read from one record. A decoder calls exactly one method for each record; a
 * record for which it calls none is counted as malformed ({@code decoder_defect}).
 *
 * <p>Everything is a primitive or a shared constant: the platform allocates, a decoder does not.
 * The words {@code w0} to {@code w3} are the record's 64-bit little-endian words as the decoder
 * read them, each of them once, since the other side may still write (R16); words that a short
 * record lacks are 0. {@code attributes} is an OR of {@link io.faultline.fault.FaultBits}; {@code
 * pasid} is 0 to 0xfffff or {@link io.faultline.fault.Fault#NO_PASID}.
 *
 * <p><b>Threads.</b> Valid during the call that handed it out, on the calling thread only.
 */
@ProviderType
public interface FaultSink {
    /**
     * The record reports a transaction that has already failed.
     *
     * @param reason why
     * @param code the architecture's number for event, cause or reason; -1 if it has none
     * @param attributes access and what is present; {@code LAST} and {@code STALLED} are ignored
     * @param requester requester id, 0 without {@code HAS_REQUESTER}
     * @param pasid PASID or none
     * @param iova address, 0 without {@code HAS_IOVA}
     * @param second IPA with {@code HAS_IPA}, fetch address with {@code HAS_FETCH}, interrupt index
     *     with {@code HAS_INTERRUPT}, else 0
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     */
    void unrecoverable(
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
            long w3);

    /**
     * The record is one page request of a group. With {@code LAST} it completes the group; with
     * {@code PRIVATE_DATA} it is a group of its own, keyed by words 2 and 3 too (VT-d before 4.0):
     * of a record shorter than that, they are what the answer echoes.
     *
     * @param attributes access and what is present
     * @param requester requester id
     * @param pasid PASID or none
     * @param groupIndex page request group index, 0 to 511 from a PCIe device; unsigned, as iommufd
     *     gives it 32 bits
     * @param iova page address
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     */
    void pageRequest(
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long iova,
            long w0,
            long w1,
            long w2,
            long w3);

    /**
     * The record is a stalled transaction: a group of one, complete, answered by its tag.
     *
     * @param reason why it stalled
     * @param code the architecture's event number
     * @param attributes access and what is present; {@code LAST} and {@code STALLED} are implied
     * @param requester requester id
     * @param pasid PASID or none
     * @param tag stall tag, 0 to 65535
     * @param iova the address as it came in, all 64 bits
     * @param ipa the IPA with {@code HAS_IPA}, else 0
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     */
    void stall(
            Reason reason,
            int code,
            int attributes,
            int requester,
            int pasid,
            int tag,
            long iova,
            long ipa,
            long w0,
            long w1,
            long w2,
            long w3);

    /**
     * The record is a speculative hint that nobody waits for.
     *
     * @param code the architecture's event number, or -1
     * @param attributes access and what is present
     * @param requester requester id
     * @param pasid PASID or none
     * @param iova first address
     * @param lengthBytes bytes wanted, 0 if not told
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     */
    void hint(
            int code,
            int attributes,
            int requester,
            int pasid,
            long iova,
            long lengthBytes,
            long w0,
            long w1,
            long w2,
            long w3);

    /**
     * The record is a stop marker: no more requests with this PASID, answered by nobody.
     *
     * @param attributes what is present
     * @param requester requester id
     * @param pasid PASID or none
     * @param groupIndex the record's group index
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     */
    void stopMarker(
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3);

    /**
     * The record makes no sense. {@link RecordDecoder#explain} gives the sentence for people.
     *
     * @param why the reason word of the architecture's document, for example {@code unknown_event};
     *     a constant
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     */
    void malformed(String why, long w0, long w1, long w2, long w3);

    /**
     * The record makes no sense, but it is a page request whose requester, index and <em>last</em>
     * could be read: with {@code LAST} it is answered INVALID, else the device would wait for ever
     * (R7).
     *
     * @param why the reason word
     * @param attributes what is present, {@code LAST} included
     * @param requester requester id
     * @param pasid PASID or none
     * @param groupIndex page request group index
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     */
    void malformedRequest(
            String why,
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3);

    /**
     * The index covers the record but its content is not there yet. The lane tries it again within
     * a bounded time, then counts it as malformed ({@code not_written}) and goes on (R16).
     */
    void notWritten();

    /** There is nothing in this slot: a recording register whose valid bit is clear. */
    void empty();

    /**
     * The record reports no fault, but something that a reader of dumps shows: that records were
     * lost, or an answer. {@link RecordDecoder#explain} gives the sentence for people, {@link
     * RecordDecoder#describe(java.nio.ByteBuffer, int, KeySink)} the keys. To others it is a slot
     * without anything in it; that records were lost says {@link RecordQueue#overflowed()}.
     *
     * @param kind the word for it, for example {@code lost_events}; a constant
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     */
    default void noFault(String kind, long w0, long w1, long w2, long w3) {
        empty();
    }
}
