package io.faultline.itest.stalling;

import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.testkit.RecordingQueue;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * An SMMUv3 on which three transactions have stalled, and to which three groups of page requests
 * have come; tells what it is answered.
 */
@Component
public final class Stalling implements HardwareUnit, CommandPort {
    private static final int EACH = 3;
    private static final long F_TRANSLATION = 0x10;
    private static final long STALL = 1L << 31;
    private static final long LAST_WRITE = 3L << 61;

    private final RecordingQueue events = new RecordingQueue("evtq", 32, 4);
    private final RecordingQueue requests = new RecordingQueue("priq", 16, 4);
    private final Consumer<String> answers;

    @Activate
    public Stalling(@Reference(target = "(hears=answers)") Consumer<String> answers) {
        this.answers = answers;
        for (int number = 0; number < EACH; number++) {
            events.write(F_TRANSLATION, STALL | number, 0, 0);
            requests.write(LAST_WRITE, number);
        }
    }

    @Override
    public Unit unit() {
        return new Unit("smmuv3", "stalling");
    }

    @Override
    public List<RecordQueue> queues() {
        return List.of(events, requests);
    }

    @Override
    public CommandPort port() {
        return this;
    }

    @Override
    public boolean submit(ByteBuffer command) {
        byte[] bytes = new byte[command.remaining()];
        command.duplicate().get(bytes);
        answers.accept(HexFormat.of().formatHex(bytes));
        return true;
    }
}
