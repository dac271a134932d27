package io.faultline.itest.board;

import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import java.util.List;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The unit that a test supplies, as one that comes and goes with its bundle. */
@Component
public final class Board implements HardwareUnit {
    private final HardwareUnit supplied;

    @Activate
    public Board(@Reference(target = "(supplies=unit)") Supplier<HardwareUnit> unit) {
        supplied = unit.get();
    }

    @Override
    public Unit unit() {
        return supplied.unit();
    }

    @Override
    public List<RecordQueue> queues() {
        return supplied.queues();
    }

    @Override
    public CommandPort port() {
        return supplied.port();
    }
}
