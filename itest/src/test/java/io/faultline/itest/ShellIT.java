package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Await;
import io.faultline.exam.Bundles;
import io.faultline.exam.HotBundle;
import io.faultline.exam.PaxExamTest;
import io.faultline.exam.Service;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.log.LogReaderService;

/** The commands in a real Gogo, and what they find in a real framework. */
@PaxExamTest
class ShellIT {
    private static final String BROKEN = " cannot be activated: limit=0: allowed are 1 to 5";

    @Configuration
    static Option[] shellAlone() {
        return options(Bundles.felix(), Bundles.named("fault-api", "shell-bundle"));
    }

    @Test
    void runsCommandsForTheProgram(@Service ToIntFunction<Map<String, Object>> exec) {
        List<String> said = new ArrayList<>();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Consumer<String> say = said::add;

        int code =
                exec.applyAsInt(
                        Map.of(
                                "commands",
                                "units; faultline:faults 0",
                                "out",
                                new PrintStream(printed, true, StandardCharsets.UTF_8),
                                "say",
                                say));

        assertEquals(1, code);
        assertTrue(
                printed.toString(StandardCharsets.UTF_8).startsWith("The dispatcher does not run"));
        assertEquals(List.of("exec: faultline:faults 0: limit=0: allowed are 1 to 10000"), said);
    }

    @Test
    void saysThatAComponentCannotBeActivated(
            BundleContext context,
            @Service LogReaderService log,
            @Service ToIntFunction<Map<String, Object>> exec)
            throws BundleException {
        Bundle broken = install(context, "io.faultline.itest.broken", "1.0.0");
        String line = "component broken (bundle hot.broken " + broken.getBundleId() + ")" + BROKEN;

        Logged.await(log, line);

        assertTrue(run(exec, "health").contains(line));
        assertEquals(line, run(exec, "why hot.broken"));
        broken.uninstall();
    }

    @Test
    void saysThatABundleUsesOldClassesAndMendsIt(
            BundleContext context,
            @Service LogReaderService log,
            @Service ToIntFunction<Map<String, Object>> exec)
            throws Exception {
        Bundle shared = install(context, "io.faultline.itest.shared", "1.0.0");
        Bundle user = install(context, "io.faultline.itest.user", "1.0.0");
        user.loadClass("io.faultline.itest.user.User");
        String line =
                "bundle hot.shared was updated, but its old classes are still used by hot.user:";

        shared.update(hot("io.faultline.itest.shared", "1.0.1").open());
        Logged.await(log, line);

        assertTrue(run(exec, "health").contains(line));
        assertEquals("Restarting hot.shared, hot.user", run(exec, "refresh"));
        Await.until(
                "old classes", () -> run(exec, "refresh"), "No bundle uses old classes."::equals);
        assertEquals(Bundle.ACTIVE, user.getState());
        user.uninstall();
        shared.uninstall();
    }

    @Test
    void askOthersWhyABundleDoesNotResolve(
            BundleContext context, @Service ToIntFunction<Map<String, Object>> exec)
            throws BundleException {
        Bundle user =
                context.installBundle("hot:user", hot("io.faultline.itest.user", "1.0.0").open());
        Function<Bundle, String> why = bundle -> bundle.getSymbolicName() + " lacks all";
        var launcher =
                context.registerService(
                        Function.class,
                        why,
                        FrameworkUtil.asDictionary(Map.of("faultline.command", "why")));

        assertEquals("hot.user lacks all", run(exec, "why " + user.getBundleId()));
        assertTrue(run(exec, "health").endsWith("hot.user lacks all"));
        launcher.unregister();
        assertEquals("bundle hot.user is not resolved", run(exec, "why hot.user"));
        user.uninstall();
    }

    private static Bundle install(BundleContext context, String content, String version)
            throws BundleException {
        HotBundle hot = hot(content, version);
        Bundle bundle = context.installBundle("hot:" + content, hot.open());
        bundle.start();
        return bundle;
    }

    private static HotBundle hot(String content, String version) {
        String name = content.replace("io.faultline.itest", "hot");
        HotBundle hot = HotBundle.of(name, content).version(version);
        return content.endsWith(".shared") ? hot.with("Export-Package", content) : hot;
    }

    private static String run(ToIntFunction<Map<String, Object>> exec, String command) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int code =
                exec.applyAsInt(
                        Map.of(
                                "commands",
                                command,
                                "out",
                                new PrintStream(printed, true, StandardCharsets.UTF_8)));
        String text = printed.toString(StandardCharsets.UTF_8).strip();
        assertEquals(0, code, text);
        return text;
    }
}
