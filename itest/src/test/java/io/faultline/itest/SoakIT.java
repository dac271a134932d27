package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/**
 * R1, R5, R6, R7, R13 and R14 at once: {@link Soak} changes what it can while faults flow, and the
 * audit finds nothing. With a defect built in it does.
 *
 * <p>{@code -Dfaultline.soak=100000} goes on for longer, {@code -Dfaultline.seed=N} plays a run's
 * changes again.
 */
class SoakIT extends InScene {
    private static final int CHANGES = Integer.getInteger("faultline.soak", 2000);
    private static final int CHANGES_TO_NOTICE = 100;

    @Configuration
    static Option[] core() {
        return options(Bundles.core());
    }

    private List<String> soak(Soak.Defect defect, int changes) throws Exception {
        long seed = Long.getLong("faultline.seed", System.nanoTime());
        Map<String, Object> settings =
                Map.of(
                        "handler.limit.ms", 150,
                        "handler.failures", 1_000_000,
                        "handler.blocks", 1000,
                        "pending.limit.unit", 65_536,
                        "pending.limit.device", 8192,
                        "device.share", 1.0);
        scene.configure(Scene.DISPATCHER, settings);
        scene.until("limit", () -> scene.setting("pending.limit.unit"), "65536"::equals);
        // said before, so that a run that hangs or is ended can be played again, too
        System.out.printf("soak: %,d changes, -Dfaultline.seed=%d%n", changes, seed);
        long begin = System.nanoTime();
        try (Soak soak = new Soak(scene, seed, defect)) {
            List<String> problems = soak.run(changes);
            System.out.printf(
                    "soak: %,d changes under %,d groups in %.1f s, defect %s, -Dfaultline.seed=%d:"
                            + " %s%n",
                    changes,
                    soak.groups(),
                    (System.nanoTime() - begin) / 1e9,
                    defect,
                    seed,
                    problems);
            return problems;
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.MINUTES)
    void findsNothingWrong() throws Exception {
        assertEquals(List.of(), soak(Soak.Defect.NONE, CHANGES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NO_WAIT_FOR_QUIESCENCE",
                "OFFERED_TWICE",
                "REOFFER_LOST",
                "ANSWERED_TWICE",
                "CALL_AFTER_UNBIND"
            })
    void noticesADefect(String defect) throws Exception {
        assertNotEquals(List.of(), soak(Soak.Defect.valueOf(defect), CHANGES_TO_NOTICE));
    }
}
