package io.faultline.dispatcher.internal;

import io.faultline.fault.Reason;
import io.faultline.hardware.FaultSink;

/** A sink for the calls that a benchmark's records do not lead to. */
abstract class OtherCalls implements FaultSink {
    private static IllegalStateException unexpected() {
        return new IllegalStateException("the benchmark's records are of another kind");
    }

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
        throw unexpected();
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
        throw unexpected();
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
        throw unexpected();
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
        throw unexpected();
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
        throw unexpected();
    }

    @Override
    public void malformed(String why, long w0, long w1, long w2, long w3) {
        throw unexpected();
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
        throw unexpected();
    }

    @Override
    public void notWritten() {
        throw unexpected();
    }

    @Override
    public void empty() {
        throw unexpected();
    }
}
