package io.faultline.shell.internal;

import static io.faultline.shell.internal.Gogo.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.platform.DeviceControl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DeviceCommandsTest {
    private final FakeControl control = new FakeControl();
    private final DeviceCommands commands = new DeviceCommands(control);

    @Test
    void flushesADeviceOrOneOfItsPasids() throws Exception {
        assertEquals(
                "flushed: 0 groups answered INVALID at the limit, 0 requests of incomplete groups"
                        + " discarded; nothing is under way",
                run(commands, "flush smmu0 01:00.0"));
        run(commands, "flush smmu0 256 0x12");
        run(commands, "flush smmu0 0x100 none 500");

        assertEquals(
                List.of(
                        "flush smmu0 256 -2 10000",
                        "flush smmu0 256 18 10000",
                        "flush smmu0 256 -1 500"),
                control.calls);
    }

    @Test
    void saysWhatIsNotQuiet() throws Exception {
        control.result = new DeviceControl.Result(3, 1_000, 2, 4);

        assertEquals(
                "flushed: 3 groups answered INVALID at the limit, 1,000 requests of incomplete"
                        + " groups discarded, 4 records not read, 2 groups still held by handlers;"
                        + " NOT quiet: do not use its PASIDs for anything else",
                run(commands, "flush smmu0 256"));
        assertTrue(run(commands, "remove smmu0 256").startsWith("removed: 3 groups withdrawn"));
    }

    @Test
    void blocksFailsAndLetsInAgain() throws Exception {
        assertEquals("0x0100 01:00.0 is blocked", run(commands, "block smmu0 256"));
        control.result = new DeviceControl.Result(2, 0, 0, 0);
        assertEquals(
                "0x0100 01:00.0 and its virtual functions: page requests are shut down; 2 groups"
                        + " ended",
                run(commands, "fail smmu0 256"));
        control.result = new DeviceControl.Result(0, 0, 0, 0);
        assertEquals("0x0100 01:00.0 is not blocked", run(commands, "unblock smmu0 256"));

        assertEquals(
                List.of("block smmu0 256", "fail smmu0 256", "unblock smmu0 256"), control.calls);
    }

    @Test
    void refusesWhatIsNoDeviceOrPasid() {
        assertEquals(
                "device=one: allowed are 256, 0x100 and 01:00.0",
                assertThrows(IllegalArgumentException.class, () -> run(commands, "block smmu0 one"))
                        .getMessage());
        for (String pasid : List.of("-1", "0x100000", "many")) {
            assertEquals(
                    "pasid=" + pasid + ": allowed are 0 to 0xfffff, none and all",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> run(commands, "flush smmu0 256 " + pasid))
                            .getMessage());
        }
        assertEquals(List.of(), control.calls);
    }

    @Test
    void saysThatThereIsNoPlatform() throws Exception {
        assertEquals(Scope.NO_PLATFORM, run(new DeviceCommands(), "block smmu0 256"));
    }

    /** Writes down what it is asked for. */
    private static final class FakeControl implements DeviceControl {
        private final List<String> calls = new ArrayList<>();
        private Result result = new Result(0, 0, 0, 0);

        private CompletionStage<Result> done(String call) {
            calls.add(call);
            return CompletableFuture.completedStage(result);
        }

        @Override
        public CompletionStage<Result> flush(
                String unit, int requester, int pasid, long limitMillis) {
            return done("flush " + unit + " " + requester + " " + pasid + " " + limitMillis);
        }

        @Override
        public CompletionStage<Result> remove(String unit, int requester) {
            return done("remove " + unit + " " + requester);
        }

        @Override
        public CompletionStage<Result> block(String unit, int requester) {
            return done("block " + unit + " " + requester);
        }

        @Override
        public CompletionStage<Result> unblock(String unit, int requester) {
            return done("unblock " + unit + " " + requester);
        }

        @Override
        public CompletionStage<Result> fail(String unit, int requester) {
            return done("fail " + unit + " " + requester);
        }
    }
}
