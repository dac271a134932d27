package io.faultline.smmuv3.internal;

import io.faultline.live.Attention;
import java.util.function.Consumer;

/**
 * GERROR and GERRORN: an error is active while its bits differ; hardware toggles the one, software
 * the other.
 *
 * <p>A stopped command queue is set going again at once. That the write of a record was aborted is
 * its queue's affair, which acknowledges it when everything before has been consumed. The rest
 * (aborted writes of MSIs) is said and acknowledged, but service failure mode, which only a reset
 * of the system ends: the unit is gone then.
 *
 * <p>Source: Arm IHI 0070, 6.3.18, 6.3.19, 7.1.
 */
final class GlobalErrors {
    private static final int MSI_ABORTS = 0xf << 4;
    private static final int SERVICE_FAILURE = 1 << 8;

    private final Registers registers;
    private final Attention attention;
    private final CommandRing commands;
    private final Consumer<String> log;

    /** What is acknowledged: GERRORN, which nobody else writes. */
    private int acknowledged;

    private volatile int active;
    private volatile boolean failed;

    GlobalErrors(
            Registers registers, Attention attention, CommandRing commands, Consumer<String> log) {
        this.registers = registers;
        this.attention = attention;
        this.commands = commands;
        this.log = log;
        this.acknowledged = registers.read32(Registers.GERRORN);
    }

    /** Whether the SMMU has stopped for good. */
    boolean isFailed() {
        return failed;
    }

    boolean isActive(int error) {
        return (active & error) != 0;
    }

    /** Reads GERROR if there may be something new, and mends what can be mended at once. */
    synchronized void look() {
        if (!attention.take()) {
            return;
        }
        int present = registers.read32(Registers.GERROR) ^ acknowledged;
        if (registers.isGone()) {
            return;
        }
        active = present;
        if ((present & QueueLayout.COMMAND.error) != 0) {
            log.accept(registers.unitName() + ": " + commands.skipError());
            acknowledge(QueueLayout.COMMAND.error);
        }
        if ((present & SERVICE_FAILURE) != 0 && !failed) {
            failed = true;
            log.accept(
                    registers.unitName()
                            + ": service failure mode: the SMMU has stopped, only a reset of the"
                            + " system starts it again (Arm IHI 0070, 12.3)");
        }
        if ((present & MSI_ABORTS) != 0) {
            log.accept(
                    "%s: GERROR 0x%x: an MSI could not be written: wake-ups may be lost, queues are"
                                    .formatted(registers.unitName(), present)
                            + " looked at now and then");
            acknowledge(present & MSI_ABORTS);
        }
    }

    /** Toggles GERRORN for errors that are active. */
    synchronized void acknowledge(int errors) {
        acknowledged ^= active & errors;
        active &= ~errors;
        registers.write32(Registers.GERRORN, acknowledged);
    }
}
