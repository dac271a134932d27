package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Unit;
import io.faultline.queue.QueueGrant;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RawUnitTest {
    private final List<String> submitted = new ArrayList<>();
    private final RawUnit unit =
            new RawUnit(
                    new Unit("smmuv3", "raw"),
                    "evtq",
                    32,
                    new QueueGrant(4, 4, 4),
                    command -> submitted.add(HexFormat.of().formatHex(command)));

    /** Its removal waits for its lane, which answers on its own thread what is outstanding (R7). */
    @Test
    void takesAnswersWhileItIsBeingClosed() {
        List<Boolean> taken = new ArrayList<>();
        unit.registered(
                () ->
                        taken.add(
                                CompletableFuture.supplyAsync(
                                                () -> unit.submit(ByteBuffer.wrap(new byte[] {1})))
                                        .orTimeout(30, TimeUnit.SECONDS)
                                        .join()));

        unit.close();
        unit.close();

        assertEquals(List.of(true), taken, "unregistered once");
        assertEquals(List.of("01"), submitted);
    }

    @Test
    void countsRecordsThatDoNotFitAsLost() {
        assertEquals(4, unit.write(new byte[5 * 32]));
        assertTrue(unit.overflowed());
    }
}
