package io.faultline.shell.internal;

import static io.faultline.shell.internal.Gogo.run;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PlatformCommandsTest {
    private final PlatformCommands commands = new PlatformCommands(new FakePlatform(false));
    private final PlatformCommands quiet = new PlatformCommands(new FakePlatform(true));
    private final PlatformCommands alone = new PlatformCommands();

    @Test
    void showsTheChainOfEachKind() throws Exception {
        assertLines(
                run(commands, "chain"),
                "unrecoverable",
                "ranking  handler      bundle  calls  handled  passed  failed  deferred  time  only",
                "    100  board-quirk  -           7        0       7       0         0     -  observed too",
                "",
                "page_request",
                "ranking  handler      bundle                 calls  handled  passed  failed  deferred    time  only",
                "   2000  usb-sva      org.example.sva (42)  12,345   12,000     300      40         5  1.2 us  requesters 01:00.0",
                "    100  board-quirk  -                          7        0       7       0         0       -  observed too",
                "",
                "No handler for: hint, page_request_stop",
                "",
                "out of the chain  bundle                   why",
                "broken            org.example.broken (43)  failed 100 times in a row");
    }

    @Test
    void showsTheChainOfADevice() throws Exception {
        assertEquals(2, run(commands, "chain page_request smmu0 01:00.0").lines().skip(1).count());
        assertEquals(1, run(commands, "chain page_request smmu0 0x200").lines().skip(1).count());
        assertEquals("No handler is offered that: it ends unhandled.", run(commands, "chain hint"));
    }

    @Test
    void showsTheLastFaultsTheNewestAtTheBottom() throws Exception {
        assertLines(
                run(commands, "faults"),
                "     time  unit   #  kind           device          pasid    address  access  reason       outcome",
                " 0.000000  dmar0  8  unrecoverable  0x0100 01:00.0      -     0x1000  R       not_present  unhandled",
                "70.000001  smmu0  9  page_request   0x0100 01:00.0      7  0x1000 +1  R       -            deferred");
        assertEquals(1, run(commands, "faults 1").lines().skip(1).count());
    }

    @Test
    void showsUnitsWithTheirQueues() throws Exception {
        assertLines(
                run(commands, "units"),
                "unit              arch    queue      state       waiting  records  malformed  completed  handled  pending  lost",
                "smmu0             smmuv3  evtq       active            3       20          2          9        4        1     3",
                "                          priq       no decoder        0",
                "dmar0 (observed)  vtd     /dev/kmsg  active            0       20          2          9        4        1     3");
    }

    @Test
    void showsHowCountersAddUp() throws Exception {
        assertLines(
                run(commands, "units smmu0"),
                "smmu0, smmuv3, generation 2",
                "queue evtq: active, lane 0, 3 waiting, 1,000 batches, 1 overflows",
                "queue priq: no decoder, lane 1, 0 waiting, 0 batches, 0 overflows",
                "records 20 = 5 unrecoverable + 12 page requests + 1 empty + 2 malformed",
                "faults and groups 9 = 4 handled + 1 failed + 3 unhandled + 1 pending",
                "page requests 12 = 9 in groups + 2 partial + 1 dropped",
                "lost 3, undeliverable 0",
                "malformed: 2 unknown_event",
                "responses: 4 SUCCESS; too late and refused: 3");
        assertEquals("There is no unit x; there are smmu0, dmar0.", run(commands, "units x"));
    }

    @Test
    void showsDevices() throws Exception {
        List<String> lines = run(commands, "devices smmu0").lines().toList();

        assertEquals(
                List.of("device", "0x0100 01:00.0", "0xcfe00000", "others"),
                lines.stream().map(line -> line.split(" {2,}", 2)[0]).toList());
        assertEquals("No device of dmar0 was seen yet.", run(commands, "devices dmar0"));
        assertEquals("There is no unit x; there are smmu0, dmar0.", run(commands, "devices x"));
    }

    @Test
    void showsDecodersAndSettings() throws Exception {
        assertLines(
                run(commands, "decoders"),
                "what     arch    queue  bundle                   state",
                "records  smmuv3  evtq   io.faultline.smmuv3 (9)  active",
                "lines    vtd            io.faultline.vtd (10)    active");
        assertLines(
                run(commands, "settings"),
                "setting          value",
                "batch.limit        256",
                "overload.policy  retry");
    }

    @Test
    void saysThatNothingIsThere() throws Exception {
        assertEquals(
                "No handler for: unrecoverable, page_request, hint, page_request_stop",
                run(quiet, "chain"));
        assertEquals("No fault has come yet.", run(quiet, "faults"));
        assertEquals("No unit and no log is there.", run(quiet, "units"));
        assertEquals("There is no unit x.", run(quiet, "devices x"));
        assertEquals(
                "No decoder is installed: records wait in their queues.", run(quiet, "decoders"));
    }

    @Test
    void saysThatTheDispatcherIsMissing() throws Exception {
        Stream.of(
                        run(alone, "chain"),
                        run(alone, "faults"),
                        run(alone, "units"),
                        run(alone, "devices x"),
                        run(alone, "settings"))
                .forEach(text -> assertEquals(Scope.NO_PLATFORM, text));
    }

    @Test
    void refusesArgumentsWithWhatIsAllowed() throws Exception {
        assertAll(
                refuses(
                        "kind=x: allowed are unrecoverable, page_request, hint, page_request_stop",
                        () -> run(commands, "chain x")),
                refuses(
                        "device=x: allowed are 256, 0x100 and 01:00.0",
                        () -> run(commands, "chain hint smmu0 x")),
                refuses("limit=0: allowed are 1 to 10000", () -> run(commands, "faults 0")));
    }

    private static Executable refuses(String message, Executable call) {
        return () ->
                assertEquals(
                        message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    /** Tables are for people: what they look like is tested as they see it. */
    private static void assertLines(String text, String... lines) {
        assertEquals(String.join("\n", lines), String.join("\n", text.lines().toList()));
        text.lines().forEach(line -> assertTrue(line.length() <= Table.WIDTH, line));
    }
}
