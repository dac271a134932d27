package io.faultline.hardware;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A sink that makes a fault of each call that tells of one, for readers of logs and dumps and for
 * tests. Each page request becomes a group of one, complete or not as its {@link FaultBits#LAST}
 * says: grouping is somebody else's business.
 *
 * <p>What a decoder does not say, the subclass knows: each of its methods is asked once for each
 * fault, {@link #fault} last.
 *
 * <p><b>Threads.</b> As its subclass.
 */
@ProviderType
public abstract class FaultMaker implements FaultSink {

    /** For subclasses. */
    protected FaultMaker() {}

    /**
     * Where the next fault comes from.
     *
     * @return never null
     */
    protected abstract Origin origin();

    /**
     * What the source calls the device of the next fault.
     *
     * @return the name, or null
     */
    protected abstract String deviceName();

    /**
     * When the next fault was reported.
     *
     * @return nanoseconds of the origin's time base
     */
    protected abstract long time();

    /**
     * The number of the record or line that tells of the next fault.
     *
     * @return from 1
     */
    protected abstract long sequence();

    /**
     * How many of the raw words of the next fault are a record's.
     *
     * @return 0 to 4
     */
    protected abstract int rawWords();

    /**
     * Takes a fault.
     *
     * @param fault what the call told
     */
    protected abstract void fault(Fault fault);

    @Override
    public final void unrecoverable(
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
        fault(
                Faults.unrecoverable(
                        origin(),
                        deviceName(),
                        time(),
                        sequence(),
                        rawWords(),
                        reason,
                        code,
                        attributes & ~(FaultBits.LAST | FaultBits.STALLED),
                        requester,
                        pasid,
                        iova,
                        second,
                        w0,
                        w1,
                        w2,
                        w3));
    }

    @Override
    public final void pageRequest(
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long iova,
            long w0,
            long w1,
            long w2,
            long w3) {
        fault(
                group(
                        Reason.UNKNOWN,
                        -1,
                        attributes & ~FaultBits.STALLED,
                        requester,
                        pasid,
                        groupIndex,
                        iova,
                        0,
                        w0,
                        w1,
                        w2,
                        w3));
    }

    @Override
    public final void stall(
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
            long w3) {
        fault(
                group(
                        reason,
                        code,
                        attributes | FaultBits.LAST | FaultBits.STALLED,
                        requester,
                        pasid,
                        tag,
                        iova,
                        ipa,
                        w0,
                        w1,
                        w2,
                        w3));
    }

    /**
     * Makes a group of one, and gives it to nobody: for what could be read of a malformed request.
     * Whether it is complete stands in its attributes.
     *
     * @param reason why it stalled; {@link Reason#UNKNOWN} for a page request
     * @param code the architecture's number, or -1
     * @param attributes what the record carries; private data only if there are words for it
     * @param requester requester id
     * @param pasid PASID or none
     * @param groupIndex group index, or the stall's tag
     * @param iova address
     * @param ipa intermediate physical address, or 0
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     * @return the group
     */
    protected final PageRequestGroup group(
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
            long w3) {
        int words = rawWords();
        return Faults.group(
                origin(),
                deviceName(),
                time(),
                sequence(),
                words,
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
                null);
    }

    @Override
    public final void hint(
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
        fault(
                Faults.hint(
                        origin(),
                        deviceName(),
                        time(),
                        sequence(),
                        rawWords(),
                        code,
                        attributes,
                        requester,
                        pasid,
                        iova,
                        lengthBytes,
                        w0,
                        w1,
                        w2,
                        w3));
    }

    @Override
    public final void stopMarker(
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3) {
        fault(
                Faults.stopMarker(
                        origin(),
                        deviceName(),
                        time(),
                        sequence(),
                        rawWords(),
                        attributes,
                        requester,
                        pasid,
                        groupIndex,
                        w0,
                        w1,
                        w2,
                        w3));
    }
}
