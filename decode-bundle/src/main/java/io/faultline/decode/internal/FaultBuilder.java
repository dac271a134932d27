package io.faultline.decode.internal;

import io.faultline.fault.FaultBits;
import io.faultline.fault.Origin;
import io.faultline.hardware.FaultMaker;

/** Makes findings of what a decoder says. Where it says it, the two kinds of input know. */
abstract class FaultBuilder extends FaultMaker {
    protected abstract void foundMalformed(
            Origin origin, Whose whose, String why, long w0, long w1, long w2, long w3);

    @Override
    public final void malformed(String why, long w0, long w1, long w2, long w3) {
        Origin origin = origin();
        foundMalformed(origin, whose(origin, -1), why, w0, w1, w2, w3);
    }

    @Override
    public final void malformedRequest(
            String why,
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3) {
        Origin origin = origin();
        boolean known = (attributes & FaultBits.HAS_REQUESTER) != 0;
        long who = known ? Integer.toUnsignedLong(requester) : -1;
        foundMalformed(origin, whose(origin, who), why, w0, w1, w2, w3);
    }

    private Whose whose(Origin origin, long requester) {
        String unit = origin.unit().name();
        return new Whose(
                origin.unit().arch(), unit.isEmpty() ? null : unit, deviceName(), requester);
    }
}
