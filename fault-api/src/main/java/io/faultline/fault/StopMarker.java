package io.faultline.fault;

/**
 * "No more requests with this PASID after this one" (PCIe 10.4.1.2.1). Not answered and not
 * credited.
 */
public final class StopMarker extends ReportedFault implements Fault {
    private final int groupIndex;

    StopMarker(
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
        super(
                origin,
                deviceName,
                time,
                sequence,
                rawWords,
                Reason.UNKNOWN,
                -1,
                attributes,
                requester,
                pasid,
                0,
                0,
                w0,
                w1,
                w2,
                w3);
        this.groupIndex = groupIndex;
    }

    @Override
    public FaultKind kind() {
        return FaultKind.STOP_MARKER;
    }

    /**
     * The group index of the record, which names no group.
     *
     * @return as the record has it
     */
    public int groupIndex() {
        return groupIndex;
    }
}
