package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.platform.Counts;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Outcome;
import io.faultline.queue.TapBatch;
import io.faultline.queue.Taps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;

/** The example handler comes and goes while 100,000 faults a second are replayed. */
class DeployIT extends InScene {
    private static final int RATE = 100_000;
    private static final int DEVICES = 4;
    private static final Path JAR = Bundles.jar("boot-fault-handler").toPath();

    private final Watch watch = new Watch();
    private Path dump;
    private Configuration replay;

    @org.ops4j.pax.exam.Configuration
    static Option[] coreAndReplay() {
        return options(
                Bundles.core(), Bundles.named("replay-bundle", "org.apache.felix.fileinstall"));
    }

    /** Notes, for each device, at which of its boot faults the outcome was another than before. */
    private static final class Watch implements FaultTap {
        private final Map<Integer, Outcome> last = new HashMap<>();
        private final Map<Integer, List<Long>> changes = new HashMap<>();
        private final Map<Outcome, Long> outcomes = new HashMap<>();
        private long faults;
        private long lost;

        @Override
        public synchronized void consume(TapBatch batch) {
            lost += batch.lost();
            for (int i = 0; i < batch.size(); i++) {
                faults++;
                outcomes.merge(batch.outcome(i), 1L, Long::sum);
                if (batch.fault(i).iova() == 0) {
                    bootFault(batch.fault(i), batch.outcome(i));
                }
            }
        }

        private void bootFault(Fault fault, Outcome outcome) {
            Outcome before = last.put(fault.requester(), outcome);
            if (before != outcome && before != null) {
                changes.computeIfAbsent(fault.requester(), d -> new ArrayList<>())
                        .add(fault.sequence());
            }
        }

        synchronized long faults() {
            return faults + lost;
        }

        synchronized long faults(Outcome outcome) {
            return outcomes.getOrDefault(outcome, 0L);
        }

        synchronized long lost() {
            return lost;
        }

        /** How often the outcomes of each device changed. */
        synchronized List<Integer> changes() {
            return changes.values().stream().map(List::size).toList();
        }

        /** The first and the last sequence number at which a device's outcome changed. */
        synchronized long spread(int change) {
            List<Long> at = changes.values().stream().map(c -> c.get(change)).sorted().toList();
            return at.get(at.size() - 1) - at.get(0);
        }
    }

    @BeforeEach
    void replay(@TempDir Path folder) throws IOException {
        scene.register(
                FaultTap.class, watch, Map.of(Taps.KINDS, "unrecoverable", Taps.CAPACITY, 65_536));
        dump = Files.writeString(folder.resolve("board.txt"), dump());
        replay = scene.configureOneMore("io.faultline.replay", replaying(true));
        scene.until("faults", watch::faults, n -> n > RATE / 10);
    }

    /** Each device's firmware faults at address 0, and its driver somewhere else. */
    private static String dump() {
        StringBuilder text = new StringBuilder("# smmuv3:evtq\n");
        for (int device = 1; device <= DEVICES; device++) {
            text.append(Smmu.hex(Smmu.translationFault(device, 0))).append('\n');
            text.append(Smmu.hex(Smmu.translationFault(device, 0x1000))).append('\n');
        }
        return text.toString();
    }

    private Map<String, Object> replaying(boolean loop) {
        return Map.of("file", dump.toString(), "rate", "" + RATE, "loop", loop, "unit", "board");
    }

    @Test
    void changesTheOutcomesOnceWhenItIsStartedAndOnceWhenItIsUninstalled()
            throws BundleException, IOException {
        Bundle handler = scene.context().installBundle("boot-fault", Files.newInputStream(JAR));

        handler.start();
        awaitChanges(1);
        handler.uninstall();
        awaitChanges(2);

        assertCountersAddUp();
    }

    /** Written beside the folder and moved in whole, as installers do. */
    @Test
    void changesTheOutcomesOnceWhenItsJarIsDroppedIntoTheDeployFolderAndOnceWhenItIsTakenOut(
            @TempDir Path folder) throws IOException {
        Path deploy = Files.createDirectory(folder.resolve("deploy"));
        Path written = Files.copy(JAR, folder.resolve("written"));
        scene.configureOneMore(
                "org.apache.felix.fileinstall",
                Map.of(
                        "felix.fileinstall.dir",
                        deploy.toString(),
                        "felix.fileinstall.tmpdir",
                        folder.resolve("tmp").toString(),
                        "felix.fileinstall.poll",
                        "50",
                        "felix.fileinstall.noInitialDelay",
                        "true"));

        Path dropped = Files.move(written, deploy.resolve("boot-fault-handler.jar"));
        awaitChanges(1);
        Files.delete(dropped);
        awaitChanges(2);

        assertCountersAddUp();
    }

    /** Of one lane's faults, all before some number end in one way and all behind in another. */
    private void awaitChanges(int changes) {
        List<Integer> each = Collections.nCopies(DEVICES, changes);
        scene.until("changes", watch::changes, each::equals);
        long now = watch.faults();
        scene.until("faults", watch::faults, n -> n > now + RATE / 2);

        assertEquals(each, watch.changes());
        if (watch.lost() == 0) {
            long spread = watch.spread(changes - 1);
            assertTrue(spread < 2 * DEVICES, () -> "from the first to the last: " + spread);
        }
    }

    private void assertCountersAddUp() throws IOException {
        replay.update(FrameworkUtil.asDictionary(replaying(false)));
        scene.until("state", () -> scene.unit("board").queues().get(0).state(), "ended"::equals);
        Counts counts = scene.counts("board");
        scene.until("faults", watch::faults, n -> n == counts.records());

        Sums.assertAddUp(counts);
        assertEquals(counts.records(), counts.handled() + counts.unhandled());
        if (watch.lost() == 0) {
            assertEquals(counts.handled(), watch.faults(Outcome.HANDLED));
            assertEquals(counts.unhandled(), watch.faults(Outcome.UNHANDLED));
        }
    }
}
