package io.faultline.dispatcher.internal;

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

    /** Raised by each reset (R9). */
    final int generation;

    final boolean observed;

    /** Groups that wait, on all lanes. Touched only when one begins or ends to wait. */
    final AtomicInteger waiting = new AtomicInteger();

    final List<QueueLane> lanes = new ArrayList<>();

    UnitState(HardwareUnit hardware, Source source, int generation) {
        this.hardware = hardware;
        this.unit = hardware.unit();
        this.source = source;
        this.generation = generation;
        this.observed = hardware.port() == null;
    }
}
