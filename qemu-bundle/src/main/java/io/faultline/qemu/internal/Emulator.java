package io.faultline.qemu.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The process of an emulator: started, watched, and ended, by its owner, by its time limit, or by
 * the kernel when the thread that started it is no more: it does not outlive this JVM, however that
 * ends (where {@code setpriv} of util-linux is there). It has a session of its own, so that a
 * Ctrl-C in the terminal asks its owner only.
 */
final class Emulator {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final int TAIL_CHARS = 2000;
    private static final long GENTLY_MILLIS = 3_000;
    private static final long LAST_WORDS_MILLIS = 2_000;

    private final String name;
    private final Duration limit;
    private final Consumer<String> log;
    private final List<String> command;
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final StringBuilder tail = new StringBuilder();
    private volatile IOException failure;
    private volatile Process process;

    private Emulator(String name, List<String> command, Duration limit, Consumer<String> log) {
        this.name = name;
        this.limit = limit;
        this.log = log;
        this.command = command;
    }

    /**
     * Starts a program.
     *
     * @param limit when it is ended in any case
     * @throws IOException if it cannot be started
     */
    static Emulator start(String name, List<String> command, Duration limit, Consumer<String> log)
            throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            whole.add(SETSID.toString()); // no leader of a group, so the process stays the same
        }
        if (Files.isExecutable(SETPRIV)) {
            whole.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
        }
        whole.addAll(command);
        Emulator emulator = new Emulator(name, whole, limit, log);
        Thread watch = new Thread(emulator::watch, "faultline-qemu-" + name);
        watch.setDaemon(true);
        watch.start();
        emulator.started.await();
        if (emulator.failure != null) {
            throw emulator.failure;
        }
        return emulator;
    }

    /** Starts it, and stays as long as it runs: the kernel ends it with this thread. */
    private void watch() {
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            failure = e;
        } finally {
            started.countDown();
        }
        if (process != null) {
            Thread reader = new Thread(this::readOutput, "faultline-qemu-output-" + name);
            reader.setDaemon(true);
            reader.start();
            waitForEnd(reader);
            ended.countDown();
        }
    }

    private void waitForEnd(Thread reader) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                log.accept(
                        "%s: QEMU has run for %s, its limit (limit.minutes): it is ended"
                                .formatted(name, inWords(limit)));
                process.destroyForcibly().waitFor();
            }
            reader.join(LAST_WORDS_MILLIS); // longer if a child of it has its output
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }

    private static String inWords(Duration limit) {
        return limit.toMinutes() > 0 ? limit.toMinutes() + " min" : limit.toMillis() + " ms";
    }

    /** The pipe must not fill up; the end of what it says is for the error message. */
    private void readOutput() {
        byte[] bytes = new byte[4096];
        try (InputStream output = process.getInputStream()) {
            for (int n = output.read(bytes); n >= 0; n = output.read(bytes)) {
                synchronized (tail) {
                    tail.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
                    tail.delete(0, Math.max(0, tail.length() - TAIL_CHARS));
                }
            }
        } catch (IOException e) {
            synchronized (tail) {
                tail.append(" (its output cannot be read: ").append(e.getMessage()).append(')');
            }
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** How it ended and what it said last, in one line. */
    String end() {
        String said;
        synchronized (tail) {
            said = tail.toString().strip().replaceAll("\\s*\\n\\s*", "; ");
        }
        String how =
                process.isAlive()
                        ? "QEMU runs"
                        : "QEMU (process %d) has ended with exit code %d"
                                .formatted(process.pid(), process.exitValue());
        return said.isEmpty() ? how : how + ", saying: " + said;
    }

    /** Waits a moment for the end of a process, and for what it says last. */
    void awaitEnd(long millis) throws InterruptedException {
        ended.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Ends it; returns when it has ended. */
    void stop() {
        process.destroy();
        try {
            if (!ended.await(GENTLY_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                ended.await();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
