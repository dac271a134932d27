package io.faultline.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures nothing: a benchmark that nobody runs for a month should break on the day it breaks. */
class BenchmarksTest {
    static {
        // as nothing is measured, it does not matter who else measures on this machine
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    void eachRunsOnce() throws Exception {
        Options once =
                new OptionsBuilder()
                        .mode(Mode.SingleShotTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build();

        Collection<RunResult> results = run(once);

        assertFalse(results.isEmpty(), "no benchmark was found");
    }

    /** JMH says only that there was an exception; what it was hangs on its cause. */
    private static Collection<RunResult> run(Options options) throws RunnerException {
        try {
            return new Runner(options).run();
        } catch (RunnerException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new AssertionError(Arrays.toString(cause.getSuppressed()), e);
        }
    }
}
