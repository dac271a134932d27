package io.faultline.qemu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process as the emulator's is: one that would run for a long time, or has a lot to say. */
@Timeout(60)
class EmulatorTest {
    private static final Duration LONG = Duration.ofMinutes(60);
    private static final long LIMIT_MILLIS = 30_000;

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private Emulator emulator;

    @BeforeEach
    void needsAShell() {
        Assumptions.assumeTrue(Path.of("/bin/sh").toFile().canExecute(), "no /bin/sh: skipped");
    }

    private Emulator start(Duration limit, String script) throws Exception {
        emulator = Emulator.start("live0", List.of("/bin/sh", "-c", script), limit, messages::add);
        return emulator;
    }

    @AfterEach
    void end() {
        if (emulator != null) {
            emulator.stop();
        }
    }

    @Test
    void isEndedAtItsLimitAndSaysSo() throws Exception {
        start(Duration.ofMillis(50), "exec sleep 1000");

        emulator.awaitEnd(LIMIT_MILLIS);

        assertFalse(emulator.isAlive());
        assertEquals(
                "live0: QEMU has run for 50 ms, its limit (limit.minutes): it is ended",
                messages.poll(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
        assertEquals(
                "QEMU (process %d) has ended with exit code 137".formatted(emulator.pid()),
                emulator.end());
    }

    @Test
    void isEndedByItsOwnerAlthoughItDoesNotListen() throws Exception {
        start(LONG, "trap '' TERM; echo deaf; exec sleep 1000");
        while (!emulator.end().endsWith("deaf")) {
            Thread.onSpinWait();
        }

        emulator.stop();

        assertFalse(emulator.isAlive());
        assertTrue(messages.isEmpty(), () -> "its owner knows: " + messages);
    }

    /** Who presses Ctrl-C ends the program, which says how its unit goes. */
    @Test
    void isNotAskedToEndByATerminal() throws Exception {
        Assumptions.assumeTrue(
                Path.of("/usr/bin/setsid").toFile().canExecute(), "no setsid: skipped");
        start(LONG, "set -- $(cat /proc/$$/stat); echo session $6");

        emulator.awaitEnd(LIMIT_MILLIS);

        String end = emulator.end();
        assertTrue(end.endsWith("saying: session " + emulator.pid()), end);
    }

    @Test
    void saysHowItEndedAndWhatItSaidLast() throws Exception {
        start(LONG, "yes much | head -n 100000; echo 'no such machine' >&2; exit 3");

        emulator.awaitEnd(LIMIT_MILLIS);

        String end = emulator.end();
        assertTrue(end.startsWith("QEMU (process " + emulator.pid() + ") has ended with"), end);
        assertTrue(end.contains("exit code 3, saying: "), end);
        assertTrue(end.endsWith("; much; no such machine"), end);
        assertTrue(end.length() < 5_000, () -> end.length() + " characters");
    }
}
