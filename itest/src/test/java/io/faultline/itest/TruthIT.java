package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Taps;
import io.faultline.testkit.RecordingHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/** What was recorded is what handlers and taps are shown. */
class TruthIT extends InScene {
    private static final Path CAPTURES = Path.of("src/test/resources/captures").toAbsolutePath();
    private static final Pattern HEX = Pattern.compile("\"hex\": \"([0-9a-f]+)\"");

    private final RecordingHandler handler = new RecordingHandler(Verdict.HANDLED);
    private final List<Fault> tapped = new CopyOnWriteArrayList<>();

    @Configuration
    static Option[] everything() {
        return options(Bundles.felix(), Bundles.faultline(), Bundles.recorders());
    }

    @BeforeEach
    void watch() {
        scene.register(
                FaultHandler.class,
                handler,
                Map.of(Handles.KINDS, "unrecoverable", Handles.OBSERVED, true));
        FaultTap tap =
                batch -> {
                    for (int i = 0; i < batch.size(); i++) {
                        tapped.add(batch.fault(i));
                    }
                };
        scene.register(FaultTap.class, tap, Map.of(Taps.KINDS, "unrecoverable"));
    }

    /** The last records that the model wrote are those between CONS and PROD, where it has them. */
    @ParameterizedTest
    @CsvSource({
        "smmuv3-wrap-qemu11.1, 10",
        "vtd-legacy-qemu11.1, 14",
        "riscv-faultqueue-qemu11.1, 9"
    })
    void isWhatWaitedInAHardwareQueue(String name, int waiting) throws IOException {
        List<String> written =
                HEX.matcher(Files.readString(CAPTURES.resolve(name + ".json")))
                        .results()
                        .map(result -> result.group(1))
                        .toList();
        List<String> expected = written.subList(written.size() - waiting, written.size());

        replay(name + ".bin");

        scene.until("faults", handler::faults, faults -> faults.size() == waiting);
        scene.until("tapped", tapped::size, n -> n == waiting);
        assertEquals(expected, handler.faults().stream().map(TruthIT::hex).toList());
        assertEquals(handler.faults(), tapped);
        scene.awaitCounts(name, counts -> counts.handled() == waiting);
    }

    /**
     * The faults that were provoked, with what the READMEs of the captures say: VT-d records the
     * page, and the alias of a device behind a bridge; one fault of its log was suppressed. QEMU's
     * virtio-iommu does not tell what was asked for, nor of devices without a domain.
     */
    @ParameterizedTest
    @CsvSource({
        "smmuv3-basic-6.1.dmesg, 20 R 1234000; 20 W abcd008; 29 R deadbeef000; 100 R ffff8000;"
                + " 300 W 4000; 29 W 1000",
        "smmuv3-basic-6.1.kmsg, 20 R 1234000; 20 W abcd008; 29 R deadbeef000; 100 R ffff8000;"
                + " 300 W 4000; 29 W 1000",
        "vtd-basic-6.1.dmesg, 20 R 1234000; 20 W abcd000; 28 W 7fff1000; 100 R ffff8000;"
                + " 100 W fffffffffffff000; 300 W 4000; 29 W 1000",
        "virtio-iommu-basic-6.12.dmesg, 20 - 1234000; 20 - abcd008; 29 - deadbeef000;"
                + " 100 - ffff8000; 100 - fffffffffffff000; 29 - 1000"
    })
    void isWhatAKernelLogged(String log, String truth) throws IOException {
        List<String> expected = List.of(truth.split("; "));

        replay(log);

        scene.until("faults", handler::faults, faults -> faults.size() == expected.size());
        scene.until("tapped", tapped::size, n -> n == expected.size());
        assertEquals(expected, handler.faults().stream().map(TruthIT::inShort).toList());
        assertEquals(handler.faults(), tapped);
    }

    private void replay(String file) throws IOException {
        scene.configureOneMore(
                "io.faultline.replay", Map.of("file", CAPTURES.resolve(file).toString()));
    }

    private static String hex(Fault fault) {
        return Smmu.hex(IntStream.range(0, fault.rawWords()).mapToLong(fault::raw).toArray());
    }

    private static String inShort(Fault fault) {
        return String.format("%x %s %x", fault.requester(), fault.access(), fault.iova());
    }
}
