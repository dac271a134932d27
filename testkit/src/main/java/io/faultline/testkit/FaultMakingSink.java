package io.faultline.testkit;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.hardware.FaultSink;

/** Makes a fault of each call; what a decoder does not say, the subclass knows. */
abstract class FaultMakingSink implements FaultSink {
    /** Where the fault of this call comes from. */
    abstract Origin origin();

    /** The device's name, or null. */
    abstract String deviceName();

    /** Nanoseconds of the origin's time base. */
    abstract long time();

    /** The number of the record or line of this call. */
    abstract long sequence();

    /** How many of the words are the record's. */
    abstract int rawWords();

    /** Takes the fault of this call. */
    abstract void fault(Fault fault);

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
                        attributes,
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

    /** A group of one; whether it is complete stands in its attributes. */
    final PageRequestGroup group(
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
        return Faults.group(
                origin(),
                deviceName(),
                time(),
                sequence(),
                rawWords(),
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
