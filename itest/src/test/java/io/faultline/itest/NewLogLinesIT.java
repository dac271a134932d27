package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;

/** A log is followed; the bundle that knows some of its lines comes and goes meanwhile (R5). */
class NewLogLinesIT extends InScene {
    private static final String CONTEXT_FAULT =
            "[%d.000000] arm-smmu 15000000.iommu: Unhandled context fault: fsr=0x402,"
                    + " iova=0x%x000, fsynr=0x10, cbfrsynra=0x880, cb=5%n";

    private static final String EVENT =
            """
            [%1$d.000000] arm-smmu-v3 smmu0: event 0x10 received:
            [%1$d.000000] arm-smmu-v3 smmu0: \t0x0000010000000010
            [%1$d.000000] arm-smmu-v3 smmu0: \t0x0000020000000000
            [%1$d.000000] arm-smmu-v3 smmu0: \t0x%2$013x000
            [%1$d.000000] arm-smmu-v3 smmu0: \t0x0000000000000000
            """;

    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    @Configuration
    static Option[] coreWithLogs() {
        return options(Bundles.core(), Bundles.named("kernellog-bundle"));
    }

    @Test
    void findsThemFromTheMomentTheBundleIsThere(@TempDir Path folder) throws Exception {
        FaultHandler handler =
                (fault, context) -> {
                    faults.add(fault);
                    return Verdict.HANDLED;
                };
        scene.register(
                FaultHandler.class,
                handler,
                Map.of(Handles.KINDS, new String[] {"unrecoverable"}, Handles.OBSERVED, true));
        Path log = Files.writeString(folder.resolve("kern.log"), "[    0.000000] begin\n");
        scene.configureOneMore(
                "io.faultline.kernellog.kmsg", Map.of("path", log.toString(), "from", "start"));
        awaitEvent(log, 1);

        append(log, CONTEXT_FAULT, 2);
        awaitEvent(log, 3);
        Bundle bundle = scene.drop("driverlogs-bundle");
        append(log, CONTEXT_FAULT, 4);
        scene.until("faults", faults::size, n -> n == 3);
        bundle.stop();
        append(log, CONTEXT_FAULT, 5);
        awaitEvent(log, 6);

        assertEquals(
                List.of("smmuv3 1000", "smmuv3 3000", "smmuv2 4000", "smmuv3 6000"),
                faults.stream()
                        .map(fault -> fault.unit().arch() + ' ' + Long.toHexString(fault.iova()))
                        .distinct()
                        .toList());
    }

    /** A line that is found tells that those before it have been read. */
    private void awaitEvent(Path log, int second) throws IOException {
        append(log, EVENT, second);
        scene.until(
                "event " + second,
                () -> faults.stream().anyMatch(fault -> fault.iova() == second * 0x1000L),
                found -> found);
    }

    private static void append(Path log, String lines, int second) throws IOException {
        Files.writeString(log, String.format(lines, second, second), StandardOpenOption.APPEND);
    }
}
