package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/write-a-handler.md works as it stands: a user with an empty home folder writes its files,
 * types its commands and sees what they print.
 *
 * <p>Only the command that publishes to the local repository is done by hand: run from within a
 * build it would write into what that build made, and into the repository of whoever runs it.
 */
class WriteAHandlerIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path EXAMPLE = ROOT.resolve("examples/boot-fault-handler");
    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final String MARK = "@@@@ ";

    /** What {@code mvn -pl :plugin-parent,testkit -am install} publishes, with its folders. */
    private static final Map<String, String> PUBLISHED =
            Map.of(
                    "faultline", ".",
                    "faultline-cnf", "cnf",
                    "faultline-bom", "bom",
                    "plugin-parent", "examples",
                    "fault-api", "fault-api",
                    "dispatcher-bundle", "dispatcher-bundle",
                    "testkit", "testkit");

    private static final String MAVEN =
            """
            mvn() {
                case "$*" in
                    *install*) ;;
                    *) command mvn -o -Dmaven.repo.local="$HOME/m2" "$@" ;;
                esac
            }
            """;

    private static Page page;

    /** What leads out of the temporary folder, and leaves before it is emptied. */
    private final List<Path> links = new ArrayList<>();

    @BeforeAll
    static void readPage() throws IOException {
        page = Page.read(ROOT.resolve("docs/write-a-handler.md"));
    }

    /** So that somebody may also copy the example instead of the page. */
    @Test
    void showsTheFilesOfTheExample() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = EXAMPLE.relativize(file).toString();
                if (!name.startsWith("target")) {
                    assertEquals(Files.readString(file), page.files().get(name), name);
                }
            }
        }
    }

    @AfterEach
    void unlink() throws IOException {
        for (Path link : links) {
            Files.delete(link);
        }
    }

    @Test
    void leadsToAHandlerInTheChain(@TempDir Path home) throws Exception {
        layOut(home);
        List<Page.Step> steps = page.sessions().stream().flatMap(List::stream).toList();

        List<String> outputs = type(home, steps);

        for (int i = 0; i < steps.size(); i++) {
            Page.Step step = steps.get(i);
            assertEquals(steady(step.output()), steady(outputs.get(i)), step.command());
        }
    }

    /** The home folder of a user who has Faultline, has built it, and has written the files. */
    private void layOut(Path home) throws IOException {
        assertTrue(
                Files.isDirectory(ROOT.resolve("dist/target/dist")),
                "dist is not built: run the phase verify from the root");
        links.add(Files.createSymbolicLink(home.resolve("faultline"), ROOT));
        for (Map.Entry<String, String> file : page.files().entrySet()) {
            boolean log = file.getKey().endsWith(".log");
            Path to = (log ? home : home.resolve("boot-fault-handler")).resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.writeString(to, file.getValue());
        }
        publish(home.resolve("m2"));
    }

    /** A local repository that has all of the real one, and of ours what was built just now. */
    private void publish(Path repository) throws IOException {
        Path real =
                Path.of(
                        System.getProperty(
                                "localRepository",
                                System.getProperty("user.home") + "/.m2/repository"));
        Path ours = repository.resolve("io/faultline");
        Files.createDirectories(ours);
        linkAll(real, repository);
        linkAll(real.resolve("io"), repository.resolve("io"));
        for (Map.Entry<String, String> module : PUBLISHED.entrySet()) {
            Path folder = ours.resolve(module.getKey()).resolve(VERSION);
            Files.createDirectories(folder);
            String name = module.getKey() + "-" + VERSION;
            Path source = ROOT.resolve(module.getValue());
            Files.copy(source.resolve("pom.xml"), folder.resolve(name + ".pom"));
            Path jar = source.resolve("target").resolve(name + ".jar");
            if (Files.exists(jar)) {
                Files.copy(jar, folder.resolve(name + ".jar"));
            }
        }
    }

    private void linkAll(Path from, Path to) throws IOException {
        try (Stream<Path> children = Files.list(from)) {
            for (Path child : children.toList()) {
                Path link = to.resolve(child.getFileName());
                if (!Files.exists(link)) {
                    links.add(Files.createSymbolicLink(link, child));
                }
            }
        }
    }

    /** Types the commands into one shell; gives what each of them printed. */
    private static List<String> type(Path home, List<Page.Step> steps) throws Exception {
        StringBuilder script = new StringBuilder(MAVEN);
        for (Page.Step step : steps) {
            script.append("echo '").append(MARK).append("'\n");
            script.append(step.command()).append('\n');
        }
        Path output = home.resolve("output");
        Path errors = home.resolve("errors");
        ProcessBuilder shell =
                new ProcessBuilder("bash", "-e", "-c", script.toString())
                        .directory(home.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        shell.environment().put("HOME", home.toString());
        shell.environment().remove("XDG_STATE_HOME");
        Process process = shell.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(100, TimeUnit.SECONDS);
        process.destroy();

        String printed = Files.readString(output);
        assertTrue(ended && process.exitValue() == 0, () -> printed + "\n" + contentOf(errors));
        List<String> outputs = new ArrayList<>(List.of(printed.split(MARK + "\n", -1)));
        outputs.remove(0);
        return outputs;
    }

    private static String contentOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Without colours, and what differs from run to run: bundle ids, sampled times, columns. */
    private static String steady(String output) {
        return output.replaceAll("\u001b\\[[0-9;]*m", "")
                .replaceAll("\\(\\d+\\)", "(n)")
                .replaceAll(" (\\d+(\\.\\d+)? ?[nuµm]?s|-)(?= )", " t")
                .replaceAll(" +", " ")
                .strip();
    }
}
