package io.faultline.fault;

import java.util.Objects;

/**
 * Makes faults from what a decoder said. For lanes, log readers and tests; a plug-in that only
 * handles faults never needs it. Arguments that all methods share:
 *
 * <ul>
 *   <li>{@code deviceName}: as the source names the device, or null;
 *   <li>{@code time}: nanoseconds of the origin's time base;
 *   <li>{@code sequence}: number of record or line in its source, from 1;
 *   <li>{@code rawWords}: how many of {@code w0} to {@code w3} are the record's, 0 to 4;
 *   <li>{@code attributes}: bits of {@link FaultBits};
 *   <li>{@code pasid}: 0 to 0xfffff or {@link Fault#NO_PASID}.
 * </ul>
 *
 * <p>Nothing is checked here beyond {@code rawWords}: decoders are checked by their tests, and this
 * is the hot path.
 */
public final class Faults {
    private Faults() {}

    /**
     * An unrecoverable fault.
     *
     * @param origin what the queue's faults share
     * @param deviceName name or null
     * @param time nanoseconds
     * @param sequence from 1
     * @param rawWords 0 to 4
     * @param reason why
     * @param code the architecture's number, or -1
     * @param attributes what the record carries
     * @param requester requester id
     * @param pasid PASID or none
     * @param iova address, 0 without {@link FaultBits#HAS_IOVA}
     * @param second IPA, fetch address or interrupt index, as {@code attributes} says, else 0
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     * @return the fault
     */
    public static UnrecoverableFault unrecoverable(
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
        return new UnrecoverableFault(
                origin,
                deviceName,
                time,
                sequence,
                checked(rawWords),
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

    /**
     * A page request group or a stall. Address, access and raw words are those of the request that
     * completed the group.
     *
     * @param origin what the queue's faults share
     * @param deviceName name or null
     * @param time nanoseconds
     * @param sequence from 1, of the record that completed the group
     * @param rawWords 0 to 4
     * @param reason why it stalled; {@link Reason#UNKNOWN} for a page request
     * @param code the architecture's number, or -1
     * @param attributes what the record carries
     * @param requester requester id
     * @param pasid PASID or none
     * @param groupIndex group index, or the stall's tag
     * @param iova address
     * @param ipa intermediate physical address, 0 without {@link FaultBits#HAS_IPA}
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     * @param requests for a group of more than one: IOVA and access bits of each request, in order
     *     of arrival, the completing one at the end; not copied. Null for a group of one
     * @return the group
     * @throws IllegalArgumentException if {@code requests} has an odd length or fewer than 4
     *     elements
     */
    public static PageRequestGroup group(
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
        if (requests != null && (requests.length < 4 || (requests.length & 1) != 0)) {
            throw new IllegalArgumentException("requests.length=" + requests.length);
        }
        return new PageRequestGroup(
                origin,
                deviceName,
                time,
                sequence,
                checked(rawWords),
                reason,
                code,
                attributes,
                requester,
                pasid,
                groupIndex,
                iova,
                ipa,
                w0,
                w1,
                w2,
                w3,
                requests);
    }

    /**
     * A hint.
     *
     * @param origin what the queue's faults share
     * @param deviceName name or null
     * @param time nanoseconds
     * @param sequence from 1
     * @param rawWords 0 to 4
     * @param code the architecture's number, or -1
     * @param attributes what the record carries
     * @param requester requester id
     * @param pasid PASID or none
     * @param iova first address
     * @param lengthBytes bytes wanted, 0 if not told
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     * @return the hint
     */
    public static AccessHint hint(
            Origin origin,
            String deviceName,
            long time,
            long sequence,
            int rawWords,
            int code,
            int attributes,
            int requester,
            int pasid,
            long iova,
            long lengthBytes,
            long w0,
            long w1,
            long w2,
            long w3) {
        return new AccessHint(
                origin,
                deviceName,
                time,
                sequence,
                checked(rawWords),
                code,
                attributes,
                requester,
                pasid,
                iova,
                lengthBytes,
                w0,
                w1,
                w2,
                w3);
    }

    /**
     * A stop marker.
     *
     * @param origin what the queue's faults share
     * @param deviceName name or null
     * @param time nanoseconds
     * @param sequence from 1
     * @param rawWords 0 to 4
     * @param attributes what the record carries
     * @param requester requester id
     * @param pasid PASID or none
     * @param groupIndex the record's group index
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     * @return the marker
     */
    public static StopMarker stopMarker(
            Origin origin,
            String deviceName,
            long time,
            long sequence,
            int rawWords,
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3) {
        return new StopMarker(
                origin,
                deviceName,
                time,
                sequence,
                checked(rawWords),
                attributes,
                requester,
                pasid,
                groupIndex,
                w0,
                w1,
                w2,
                w3);
    }

    private static int checked(int rawWords) {
        return Objects.checkIndex(rawWords, 5);
    }
}
