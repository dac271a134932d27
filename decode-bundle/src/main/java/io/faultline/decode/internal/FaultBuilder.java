package io.faultline.decode.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.Reason;
import io.faultline.hardware.FaultSink;

/** Makes findings of what a decoder says. Where it says it, the two kinds of input know. */
abstract class FaultBuilder implements FaultSink {
    /** What comes with the next report. */
    protected record Context(Place place, Origin origin, String device, int rawWords) {}

    /** Where the report that is being made belongs. */
    protected abstract Context context();

    protected abstract void found(Context context, Fault fault);

    protected abstract void foundMalformed(
            Context context, Whose whose, String why, long w0, long w1, long w2, long w3);

    @Override
    public void unrecoverable(
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
        Context c = context();
        int bits = attributes & ~(FaultBits.LAST | FaultBits.STALLED);
        found(
                c,
                Faults.unrecoverable(
                        c.origin(),
                        c.device(),
                        c.place().time(),
                        c.place().number(),
                        c.rawWords(),
                        reason,
                        code,
                        bits,
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
    public void pageRequest(
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long iova,
            long w0,
            long w1,
            long w2,
            long w3) {
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
                w3);
    }

    @Override
    public void stall(
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
        int bits = attributes | FaultBits.LAST | FaultBits.STALLED;
        group(reason, code, bits, requester, pasid, tag, iova, ipa, w0, w1, w2, w3);
    }

    private void group(
            Reason reason,
            int code,
            int attributes,
            int requester,
            int pasid,
            int index,
            long iova,
            long ipa,
            long w0,
            long w1,
            long w2,
            long w3) {
        Context c = context();
        found(
                c,
                Faults.group(
                        c.origin(),
                        c.device(),
                        c.place().time(),
                        c.place().number(),
                        c.rawWords(),
                        reason,
                        code,
                        attributes,
                        requester,
                        pasid,
                        index,
                        iova,
                        ipa,
                        w0,
                        w1,
                        w2,
                        w3,
                        null));
    }

    @Override
    public void hint(
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
        Context c = context();
        found(
                c,
                Faults.hint(
                        c.origin(),
                        c.device(),
                        c.place().time(),
                        c.place().number(),
                        c.rawWords(),
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
    public void stopMarker(
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3) {
        Context c = context();
        found(
                c,
                Faults.stopMarker(
                        c.origin(),
                        c.device(),
                        c.place().time(),
                        c.place().number(),
                        c.rawWords(),
                        attributes,
                        requester,
                        pasid,
                        groupIndex,
                        w0,
                        w1,
                        w2,
                        w3));
    }

    @Override
    public void malformed(String why, long w0, long w1, long w2, long w3) {
        Context c = context();
        foundMalformed(c, whose(c, -1), why, w0, w1, w2, w3);
    }

    @Override
    public void malformedRequest(
            String why,
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3) {
        Context c = context();
        boolean known = (attributes & FaultBits.HAS_REQUESTER) != 0;
        long who = known ? Integer.toUnsignedLong(requester) : -1;
        foundMalformed(c, whose(c, who), why, w0, w1, w2, w3);
    }

    private static Whose whose(Context c, long requester) {
        String unit = c.origin().unit().name();
        return new Whose(
                c.origin().unit().arch(), unit.isEmpty() ? null : unit, c.device(), requester);
    }
}
