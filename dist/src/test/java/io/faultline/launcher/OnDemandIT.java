package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The bundles that ship, in a Felix of {@code decode}. */
class OnDemandIT {
    private static final Path FAMILIES = Path.of("src", "test", "resources", "log-families.jsonl");
    private static final long LIMIT_MILLIS = 20_000;

    private final Distribution distribution =
            new Distribution(Path.of("target", "dist").toAbsolutePath());

    @TempDir private Path folder;
    private Container container;

    @BeforeEach
    void start() throws Exception {
        container =
                new Container(folder.resolve("cache"), distribution.settings("framework", "alone"));
    }

    private void startWith(Path index) throws Exception {
        OnDemand.install(container, distribution.bundles("decode"), index);
        container.start();
    }

    @AfterEach
    void stop() {
        container.stop(LIMIT_MILLIS);
    }

    private Set<String> archBundles() {
        return Arrays.stream(container.context().getBundles())
                .filter(bundle -> bundle.getLocation().contains("/bundles/3/"))
                .map(Bundle::getSymbolicName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Runnable bringing(String filter) throws Exception {
        BundleContext context = container.context();
        for (ServiceReference<Runnable> reference :
                context.getServiceReferences(Runnable.class, filter)) {
            return context.getService(reference);
        }
        return null;
    }

    @Test
    void aBundleIsInstalledWhenItsDecoderIsAskedForAndNoOther() throws Exception {
        startWith(distribution.index());
        assertEquals(Set.of(), archBundles());

        bringing("(faultline.brings=amdvi:event)").run();

        assertEquals(Set.of("io.faultline.amdvi"), archBundles());
        assertNull(bringing("(faultline.brings=amdvi)"), "it has been brought");
        assertNull(bringing("(faultline.brings.arch=amdvi)"), "it has been brought");
        assertNotNull(bringing("(faultline.brings.arch=vtd)"));
    }

    @Test
    void aBundleIsInstalledWhenALogHasALineOfIts() throws Exception {
        startWith(distribution.index());

        assertEquals(0, decode("boot\nnvme 0000:01:00.0: a device\n").lines().count());
        assertEquals(Set.of(), archBundles());

        String found = decode("DMAR: DRHD: handling fault status reg 2\n");
        assertTrue(found.contains("\"arch\":\"vtd\""), found);
        assertEquals(Set.of("io.faultline.vtd"), archBundles());
    }

    private String decode(String log) throws IOException {
        Path file = Files.writeString(folder.resolve("log"), log);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DecodeCommand command =
                new DecodeCommand(new Surroundings(null, null, null, Map.of(), "", 0));
        Map<String, Object> arguments = command.arguments();
        arguments.put("files", List.of(file.toString()));
        carryOut(command.service(), arguments, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void carryOut(
            String command, Map<String, Object> arguments, ByteArrayOutputStream out) {
        arguments.put("out", out);
        arguments.put("say", (Consumer<String>) System.err::println);
        arguments.put("onInterrupt", (Consumer<Runnable>) onInterrupt -> {});
        arguments.put("columns", 0);
        arguments.put("colours", false);
        arguments.put("hasPlugIns", false);
        assertEquals(0, container.command(command).applyAsInt(arguments));
    }

    /** Without it all bundles are installed at once, and say the same of themselves. */
    @Test
    void theIndexSaysWhatTheBundlesSay() throws Exception {
        startWith(folder.resolve("none"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        carryOut("index", new HashMap<>(), out);

        assertEquals(Files.readString(distribution.index()), out.toString(StandardCharsets.UTF_8));
        assertEquals(7, archBundles().size());
    }

    /** Somebody may take a bundle out of the distribution. */
    @Test
    void whatIsNotThereIsNotExpected() throws Exception {
        Path index =
                Files.writeString(
                        folder.resolve("index"),
                        "x-bundle.jar\tname\tx:queue\nvtd-bundle.jar\tname\tvtd\n");

        startWith(index);

        assertNull(bringing("(faultline.brings=x:queue)"));
        assertNotNull(bringing("(faultline.brings=vtd)"));
        assertEquals(6, archBundles().size(), "those that it does not tell of are installed");
    }

    /** Whichever comes first: each family's lines bring a bundle in the middle of a log. */
    @Test
    void whatIsFoundDoesNotDependOnWhatIsInstalledBefore() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<String> rows = Files.lines(FAMILIES)) {
            rows.forEach(row -> lines.add((String) Program.object(row).get("line")));
        }
        Path deploy = Files.createDirectory(folder.resolve("deploy"));
        PlugIn.importing("io.faultline.log", deploy.resolve("any.jar")); // then all are installed
        List<String> backwards = new ArrayList<>(lines);
        Collections.reverse(backwards);
        for (List<String> order : List.of(lines, backwards)) {
            Path log = Files.write(folder.resolve("log"), order);

            Program.Result onDemand = Program.run("decode", log.toString());
            Program.Result all =
                    Program.run("decode", "--deploy", deploy.toString(), log.toString());

            assertEquals("", onDemand.err());
            assertTrue(onDemand.json().size() > 150, onDemand::out);
            assertEquals(all.out(), onDemand.out());
        }
    }
}
