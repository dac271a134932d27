package io.faultline.testkit;

import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import java.util.List;

/**
 * An IOMMU in memory: a test writes records to its queues, the port keeps the commands that come
 * back.
 *
 * <pre>{@code
 * RecordingQueue events = new RecordingQueue("evtq", 32, 8);
 * RecordingUnit unit = new RecordingUnit(new Unit("smmuv3", "smmu0"), events);
 * events.write(0x10L, 0, 0x1000, 0);
 * ...
 * assertEquals(List.of(), unit.port().commands());
 * }</pre>
 *
 * <p><b>Threads.</b> Safe for any thread.
 */
public final class RecordingUnit implements HardwareUnit {
    private final Unit unit;
    private final List<RecordQueue> queues;
    private final RecordingPort port;
    private int pageRequestLimit = UNKNOWN_LIMIT;
    private int stallLimit = UNKNOWN_LIMIT;
    private boolean answersCarryPasid = true;
    private TimeBase timeBase = TimeBase.BOOT;

    RecordingUnit(Unit unit, RecordingPort port, RecordingQueue... queues) {
        this.unit = unit;
        this.port = port;
        this.queues = List.of(queues);
    }

    /**
     * A unit that takes answers.
     *
     * @param unit its identity
     * @param queues its queues, at least one
     */
    public RecordingUnit(Unit unit, RecordingQueue... queues) {
        this(unit, new RecordingPort(), queues);
    }

    /**
     * A unit that nobody can answer: its faults are observed (R18).
     *
     * @param unit its identity
     * @param queues its queues, at least one
     * @return a unit without a port
     */
    public static RecordingUnit observed(Unit unit, RecordingQueue... queues) {
        return new RecordingUnit(unit, null, queues);
    }

    /**
     * Sets what the unit knows about its limits. To be called before a platform sees the unit.
     *
     * @param pageRequests what {@link #pageRequestLimit} says for each device
     * @param stalls what {@link #stallLimit()} says
     * @return this
     */
    public RecordingUnit limits(int pageRequests, int stalls) {
        pageRequestLimit = pageRequests;
        stallLimit = stalls;
        return this;
    }

    /**
     * Says that devices take no PASID in answers. To be called before a platform sees the unit.
     *
     * @return this
     */
    public RecordingUnit answersWithoutPasid() {
        answersCarryPasid = false;
        return this;
    }

    /**
     * Sets what times count from. To be called before a platform sees the unit.
     *
     * @param base the base
     * @return this
     */
    public RecordingUnit timeBase(TimeBase base) {
        timeBase = base;
        return this;
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<RecordQueue> queues() {
        return queues;
    }

    /**
     * Where its answers go.
     *
     * @return what was submitted; null for an {@linkplain #observed observed} unit
     */
    @Override
    public RecordingPort port() {
        return port;
    }

    @Override
    public TimeBase timeBase() {
        return timeBase;
    }

    @Override
    public int pageRequestLimit(int requester) {
        return pageRequestLimit;
    }

    @Override
    public int stallLimit() {
        return stallLimit;
    }

    @Override
    public boolean answersCarryPasid(int requester) {
        return answersCarryPasid;
    }
}
