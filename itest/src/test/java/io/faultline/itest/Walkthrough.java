package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A page about a plug-in, followed as it stands: a user with an empty home folder writes its files,
 * types its commands and sees what they print.
 *
 * <p>Only the command that publishes to the local repository is done by hand: run from within a
 * build it would write into what that build made, and into the repository of whoever runs it.
 */
final class Walkthrough implements AutoCloseable {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final String MARK = "@@@@ ";
    private static final String PROGRAM = "faultline";
    private static final Path DISTRIBUTION = Path.of("dist", "target", "dist");

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

    private final Page page;
    private final Path home;

    /** What leads out of the temporary folder, and leaves before it is emptied. */
    private final List<Path> links = new ArrayList<>();

    /**
     * Writes the page's files: logs and dumps into the home folder, all else into the plug-in's.
     *
     * @param folder the plug-in's folder
     */
    Walkthrough(Page page, Path home, String folder) throws IOException {
        this.page = page;
        this.home = home;
        assertTrue(
                Files.isDirectory(ROOT.resolve(DISTRIBUTION)),
                "dist is not built: run the phase verify from the root");
        for (Map.Entry<String, String> file : page.files().entrySet()) {
            boolean data = file.getKey().endsWith(".log") || file.getKey().endsWith(".hex");
            Path to = (data ? home : home.resolve(folder)).resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.writeString(to, file.getValue());
        }
        publish(home.resolve("m2"));
    }

    /** The user has Faultline and has built it. */
    Walkthrough withFaultline() throws IOException {
        links.add(Files.createSymbolicLink(home.resolve(PROGRAM), ROOT));
        return this;
    }

    /** The same, for a page that changes what was built. */
    Walkthrough withFaultlineOfItsOwn() throws IOException {
        Path own = home.resolve(PROGRAM);
        Path from = ROOT.resolve(DISTRIBUTION);
        Path to = own.resolve(DISTRIBUTION);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.copy(ROOT.resolve(PROGRAM), own.resolve(PROGRAM), StandardCopyOption.COPY_ATTRIBUTES);
        return this;
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

    /** Types all commands; each prints what the page says. */
    void follow() throws IOException, InterruptedException {
        List<Page.Step> steps = page.sessions().stream().flatMap(List::stream).toList();

        List<String> outputs = type(steps);

        for (int i = 0; i < steps.size(); i++) {
            Page.Step step = steps.get(i);
            assertEquals(steady(step.output()), steady(outputs.get(i)), step.command());
        }
    }

    /** Types the commands into one shell; gives what each of them printed. */
    private List<String> type(List<Page.Step> steps) throws IOException, InterruptedException {
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

    @Override
    public void close() throws IOException {
        for (Path link : links) {
            Files.delete(link);
        }
    }
}
