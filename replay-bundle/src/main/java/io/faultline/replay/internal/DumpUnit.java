package io.faultline.replay.internal;

import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import java.util.List;

/**
 * A unit that has one queue, a dump. Its port takes answers, although no device waits for them: so
 * page requests go the way of those of real hardware (without a port they would only be observed,
 * R18).
 *
 * @param unit its identity
 * @param queue the dump
 * @param port takes the answers
 */
record DumpUnit(Unit unit, DumpQueue queue, CommandPort port) implements HardwareUnit {
    @Override
    public List<RecordQueue> queues() {
        return List.of(queue);
    }
}
