package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PlayedCommandTest {
    private final PlayedCommand command = new PlayedCommand();
    private final SlowPlayer player = new SlowPlayer();

    /** Runs out until a test ends it. */
    private static final class SlowPlayer implements Player {
        volatile boolean ended;
        volatile boolean asked;

        @Override
        public boolean change(Rate rate, boolean loop) {
            return !ended;
        }

        @Override
        public boolean isRunningOut() {
            asked = true;
            return !ended;
        }
    }

    @Test
    void doesNotWaitForNothing() {
        assertEquals(0, command.applyAsInt(Map.of()));
    }

    @Test
    void waitsForTheEndOfARecording() throws Exception {
        command.add(player);

        CompletableFuture<Integer> waiting = waitUntilAsked();
        assertFalse(waiting.isDone());
        player.ended = true;

        assertEquals(0, waiting.get(60, TimeUnit.SECONDS));
    }

    @Test
    void waitsNoLongerForARecordingThatLeaves() throws Exception {
        command.add(player);

        CompletableFuture<Integer> waiting = waitUntilAsked();
        command.remove(player);

        assertEquals(0, waiting.get(60, TimeUnit.SECONDS));
    }

    private CompletableFuture<Integer> waitUntilAsked() {
        CompletableFuture<Integer> waiting =
                CompletableFuture.supplyAsync(() -> command.applyAsInt(Map.of()));
        while (!player.asked) {
            Thread.onSpinWait();
        }
        return waiting;
    }
}
