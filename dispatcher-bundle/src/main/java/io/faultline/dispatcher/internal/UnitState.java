package io.faultline.dispatcher.internal;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Unit;
import io.faultline.hardware.HardwareUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A unit with its lanes, and what they share: the bound of its outstanding groups. */
final class UnitState {
    final HardwareUnit hardware;
    final Unit unit;
    final Source source;
    final boolean observed;

    /** Groups and hints that wait, on all lanes. Touched only when one begins or ends to wait. */
    final AtomicInteger waiting = new AtomicInteger();

    /** The stalls among them, which the unit's own bound is for. */
    final AtomicInteger waitingStalls = new AtomicInteger();

    final List<QueueLane> lanes = new ArrayList<>();

    UnitState(HardwareUnit hardware, Source source) {
        this.hardware = hardware;
        this.unit = hardware.unit();
        this.source = source;
        this.observed = hardware.port() == null;
    }

    /** One more waits, for a handler or for room; or one less. By the lane of its queue. */
    void count(Waiting waits, int change) {
        waits.row.waiting += change;
        waiting.addAndGet(change);
        if (waits.fault instanceof PageRequestGroup group) {
            if (group.stalled()) {
                waitingStalls.addAndGet(change);
            } else {
                waits.row.allocation.waiting += change;
            }
        }
    }
}
