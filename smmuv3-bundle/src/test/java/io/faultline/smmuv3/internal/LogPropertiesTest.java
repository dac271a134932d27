package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.testkit.LineReport;
import io.faultline.testkit.LineReport.Kind;
import io.faultline.testkit.RecordingLineSink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for the driver's lines in any order, whole and damaged. */
class LogPropertiesTest {
    private static final List<String> EVENT =
            List.of(
                    "event 0x10 received:",
                    "\t0x0000010000000010",
                    "\t0x0000020000000000",
                    "\t0x000000090000f040",
                    "\t0x0000000000000000",
                    "event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x0"
                            + " iova: 0x90000f040 ipa: 0x0",
                    "unpriv data write s1 \"Input address caused fault\" stag: 0x0");

    private static final List<String> RARE =
            List.of(
                    "unexpected PRI request received:",
                    "\tsid 0x00000100.0x0002a: [17L] unprivileged RW access at iova 0x0",
                    "EVTQ overflow detected -- events lost",
                    "skipping command in error state:",
                    "event: UNKNOWN client: (unassigned sid) sid: 0x8 ssid: 0x0");

    private static final List<String> PREFIXES =
            List.of("arm-smmu-v3 a: ", "arm-smmu-v3 b: ", "(XEN) SMMUv3: /c: ", "");

    @Provide
    Arbitrary<List<String>> log() {
        return Arbitraries.integers()
                .between(0, 1400 * 150)
                .map(LogPropertiesTest::line)
                .list()
                .ofMaxSize(40);
    }

    /** Any line of any unit; one in ten is a rare one, one in five loses its end. */
    private static String line(int choice) {
        List<String> messages = choice % 10 == 0 ? RARE : EVENT;
        String prefix = PREFIXES.get(choice / 10 % 4);
        String line = prefix + messages.get(choice / 40 % messages.size());
        boolean cut = choice / 280 % 5 == 0;
        return cut ? line.substring(0, choice / 1400 % line.length()) : line;
    }

    @Property
    void faultsOfAQueueComeInTheOrderOfTheirLines(@ForAll("log") List<String> lines) {
        Map<String, Long> last = new HashMap<>();

        for (LineReport report : read(lines)) {
            if (report.kind() == Kind.FAULT || report.kind() == Kind.MALFORMED) {
                String queue = report.unit() + ' ' + report.queue();
                long before = last.getOrDefault(queue, 0L);
                assertTrue(report.line().number() > before, report::toString);
                last.put(queue, report.line().number());
            }
        }
    }

    @Property
    void noEventIsToldTwice(@ForAll("log") List<String> lines) {
        Set<String> seen = new HashSet<>();

        for (LineReport report : read(lines)) {
            assertTrue(
                    seen.add(report.line().number() + " " + report.queue() + report.kind()),
                    report::toString);
        }
    }

    /** However the lines of several units are shuffled into each other, each event is told once. */
    @Property
    void interleavedUnitsLoseNothing(
            @ForAll @Size(min = 2, max = 4) List<@IntRange(min = 5, max = 7) Integer> lengths,
            @ForAll @Size(28) List<@IntRange(max = 3) Integer> order) {
        List<String> lines = new ArrayList<>();
        int[] next = new int[lengths.size()];
        List<Integer> turns = new ArrayList<>(order);
        for (int unit = 0; unit < next.length; unit++) {
            turns.addAll(Collections.nCopies(7, unit));
        }
        for (int turn : turns) {
            int unit = turn % next.length;
            if (next[unit] < lengths.get(unit)) {
                lines.add("arm-smmu-v3 u" + unit + ": " + EVENT.get(next[unit]++));
            }
        }

        List<LineReport> reports = read(lines);
        List<LineReport> faults = reports.stream().filter(r -> r.kind() == Kind.FAULT).toList();

        assertEquals(lengths.size(), faults.size(), reports::toString);
        for (LineReport fault : faults) {
            int unit = fault.unit().charAt(1) - '0';
            assertEquals(0x100, fault.fault().requester());
            // words that come too late for their event are told beside it
            boolean late = reports.stream().anyMatch(r -> isDetailOf(fault.unit(), r));
            String device = lengths.get(unit) == 5 || late ? null : "0000:01:00.0";
            assertEquals(device, fault.device(), reports::toString);
        }
    }

    private static boolean isDetailOf(String unit, LineReport report) {
        return report.kind() == Kind.DETAIL && report.unit().equals(unit);
    }

    private static List<LineReport> read(List<String> lines) {
        return RecordingLineSink.read(new DriverLog(), lines.toArray(String[]::new));
    }
}
