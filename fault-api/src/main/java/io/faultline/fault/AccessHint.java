package io.faultline.fault;

/**
 * A speculative request to bring pages in early (Arm E_PAGE_REQUEST). Nothing failed, nobody waits,
 * nobody may answer; it may be dropped, and is dropped first.
 */
public final class AccessHint extends ReportedFault implements Fault {
    AccessHint(
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
        super(
                origin,
                deviceName,
                time,
                sequence,
                rawWords,
                Reason.UNKNOWN,
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

    @Override
    public FaultKind kind() {
        return FaultKind.HINT;
    }

    /**
     * How much will be wanted from {@link #iova()} on.
     *
     * @return bytes; 0 if not told
     */
    public long lengthBytes() {
        return second();
    }
}
