package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.queue.Outcome;
import java.util.List;

/**
 * What ships, less decoding and making the fault: a look for a new snapshot, the device's row and
 * its counters, the chain with its guards, the last faults. {@link RecordBench} has all of it.
 */
final class LaneWay implements Way {
    private static final int OTHER_DEVICES = 64;

    private final Lane lane;
    private final DeviceRows rows;
    private final PollutedLane polluted;

    LaneWay(boolean deviceTable) {
        polluted = new PollutedLane("chain", RecordKind.SMMUV3_EVENT);
        lane = polluted.lane;
        rows = lane.rows().iterator().next();
        if (deviceTable) {
            polluted.otherDevices(OTHER_DEVICES);
        }
    }

    @Override
    public void to(List<Counting> handlers) {
        polluted.to(handlers);
    }

    @Override
    public void run(Fault[] faults) {
        lane.beginBatch();
        for (Fault fault : faults) {
            lane.refresh();
            DeviceRow row = rows.row(fault.requester(), lane.settings(), lane.nanos());
            row.tally.increment(Count.RECORDS);
            row.tally.increment(Count.UNRECOVERABLE);
            row.tally.increment(Count.COMPLETED);
            lane.seen(row);
            if (lane.offer(fault, Kinds.UNRECOVERABLE, row, null) != Offers.End.HANDLED) {
                throw new IllegalStateException("the last handler deals with everything");
            }
            row.tally.increment(Count.HANDLED);
            lane.show(fault, Kinds.UNRECOVERABLE, row, Outcome.HANDLED);
        }
        lane.endBatch(faults[0].origin(), faults.length);
    }
}
