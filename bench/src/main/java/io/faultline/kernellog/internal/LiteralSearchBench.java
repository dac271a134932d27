package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The search that ships, fitted to the log, over 8 MiB of ordinary lines, for few literals and for
 * many, beside {@link String#indexOf(String)} once for each. In bytes a microsecond, which is MB/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class LiteralSearchBench {
    private static final int BYTES = 1 << 23;
    private static final int SAMPLE_BYTES = 5 << 15;

    /** What drivers of IOMMUs print, the first four of them those of two families. */
    private static final List<String> LITERALS =
            List.of(
                    "DMAR",
                    "equest device [",
                    "arm-smmu-v3",
                    "event 0x",
                    "DRHD: handling",
                    "INTR-REMAP",
                    "[fault reason",
                    "dmar_fault:",
                    "prq_event_thread",
                    "Invalid page request:",
                    "PRQ overflow",
                    "VT-d detected Invalidation",
                    "event: F_",
                    "event: C_",
                    "unexpected PRI request",
                    "EVTQ overflow",
                    "PRIQ overflow",
                    "arm_smmu_",
                    "AMD-Vi: ",
                    "Event logged [",
                    "Unhandled context fault",
                    "Unexpected global",
                    "Blocked unknown Stream ID",
                    "GFSR 0x",
                    "gpu fault:",
                    "riscv-iommu",
                    " devid: 0x",
                    "fault from EP ",
                    "virtio_iommu",
                    "io_page_fault:",
                    "prq_report:",
                    "callbacks suppressed",
                    "sysmmu",
                    "mtk-iommu",
                    "rk_iommu",
                    "sun50i-iommu",
                    "apple-dart",
                    "msm_iommu",
                    "qcom_iommu",
                    "tegra-mc");

    /** How many literals are looked for. */
    @Param({"4", "40"})
    public int literals;

    private LiteralSearch search;
    private ByteBuffer bytes;
    private String text;

    /** Makes a log without any of the literals. */
    @Setup
    public void generate() {
        Random random = new Random(1);
        StringBuilder log = new StringBuilder(BYTES + 100);
        while (log.length() < BYTES) {
            log.append(
                    String.format(
                            Locale.ROOT,
                            "[%12.6f] usb %d-%d: new high-speed USB device number %d using"
                                    + " xhci_hcd, idVendor=%04x%n",
                            log.length() / 1e3,
                            random.nextInt(8),
                            random.nextInt(8),
                            random.nextInt(128),
                            random.nextInt(0x10000)));
        }
        text = log.substring(0, BYTES);
        bytes = LiteralSearch.littleEndian(text.getBytes(US_ASCII));
        search =
                new LiteralSearch(
                                IntStream.range(0, literals)
                                        .mapToObj(i -> new Grams.Literal(LITERALS.get(i), 1L << i))
                                        .toList())
                        .fittedTo(bytes, 0, SAMPLE_BYTES);
    }

    /** One pass for all. */
    @Benchmark
    @OperationsPerInvocation(BYTES)
    public int onePass() {
        return search.next(bytes, 0, BYTES);
    }

    /** One pass for each. */
    @Benchmark
    @OperationsPerInvocation(BYTES)
    public int aPassForEach() {
        int found = 0;
        for (int i = 0; i < literals; i++) {
            found += text.indexOf(LITERALS.get(i));
        }
        return found;
    }
}
