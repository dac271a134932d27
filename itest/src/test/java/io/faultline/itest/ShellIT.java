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
    void runsCommandsForTheProgram(BundleContext context) {
        List<String> said = new ArrayList<>();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Consumer<String> say = said::add;

        int code =
                Shell.command(context, "exec")
                        .applyAsInt(
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
    void saysThatAComponentCannotBeActivated(BundleContext context, @Service LogReaderService log)
            throws BundleException {
        Bundle broken = install(context, "io.faultline.itest.broken", "1.0.0");
        String line = "component broken (bundle hot.broken " + broken.getBundleId() + ")" + BROKEN;

        Logged.await(log, line);

        assertTrue(Shell.run(context, "health").contains(line));
        assertEquals(line, Shell.run(context, "why hot.broken"));
        broken.uninstall();
    }

    @Test
    void saysThatABundleUsesOldClassesAndMendsIt(
            BundleContext context, @Service LogReaderService log) throws Exception {
        Bundle shared = install(context, "io.faultline.itest.shared", "1.0.0");
        Bundle user = install(context, "io.faultline.itest.user", "1.0.0");
        user.loadClass("io.faultline.itest.user.User");
        String line =
                "bundle hot.shared was updated, but its old classes are still used by hot.user:";

        shared.update(hot("io.faultline.itest.shared", "1.0.1").open());
        Logged.await(log, line);

        assertTrue(Shell.run(context, "health").contains(line));
        assertEquals("Restarting hot.shared, hot.user", Shell.run(context, "refresh"));
        Await.until(
                "old classes",
                () -> Shell.run(context, "refresh"),
                "No bundle uses old classes."::equals);
        assertEquals(Bundle.ACTIVE, user.getState());
        user.uninstall();
        shared.uninstall();
    }

    @Test
    void askOthersWhyABundleDoesNotResolve(BundleContext context) throws BundleException {
        Bundle user =
                context.installBundle("hot:user", hot("io.faultline.itest.user", "1.0.0").open());
        Function<Bundle, String> why = bundle -> bundle.getSymbolicName() + " lacks all";
        var launcher =
                context.registerService(
                        Function.class,
                        why,
                        FrameworkUtil.asDictionary(Map.of("faultline.command", "why")));

        assertEquals("hot.user lacks all", Shell.run(context, "why " + user.getBundleId()));
        assertTrue(Shell.run(context, "health").endsWith("hot.user lacks all"));
        launcher.unregister();
        assertEquals("bundle hot.user is not resolved", Shell.run(context, "why hot.user"));
        user.uninstall();
    }

    @Test
    void countsWhatCannotBeActivated(BundleContext context) throws BundleException {
        Bundle broken = install(context, "io.faultline.itest.broken", "1.0.0");
        List<String> said = new ArrayList<>();
        Consumer<String> say = said::add;

        int failed =
                Shell.command(context, "check")
                        .applyAsInt(Map.of("component", "broken", "say", say));

        assertEquals(1, failed);
        assertTrue(said.toString().contains(BROKEN) || said.isEmpty(), "or it was logged before");
        broken.uninstall();
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
}
