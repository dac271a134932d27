package io.faultline.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that ship. {@code bundles/LEVEL} holds the bundles of a start level that every command
 * needs, {@code bundles/LEVEL-run} those that {@code run} needs as well, {@code
 * bundles/LEVEL-terminal} and {@code bundles/LEVEL-unattended} those that it needs with and without
 * somebody at a terminal.
 */
final class Distribution {
    /** The level of handlers and taps, and of a bundle that says nothing else about itself. */
    static final int HANDLER_LEVEL = 5;

    /**
     * The level of decoders and encoders: they outlive the dispatcher, which needs them to stop.
     */
    static final int ARCH_LEVEL = 3;

    /** The highest level: sources. */
    static final int SOURCE_LEVEL = 6;

    private static final Pattern FOLDER = Pattern.compile("(\\d)(?:-([a-z]+))?");

    /** A bundle that ships. */
    record BundleFile(Path path, int startLevel) {}

    private final Path home;

    Distribution(Path home) {
        this.home = home;
    }

    Path home() {
        return home;
    }

    /** The bundles for a command and what goes with it, by start level, then by name. */
    List<BundleFile> bundles(String... purposes) throws IOException {
        Set<String> wanted = Set.of(purposes);
        List<BundleFile> bundles = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(home.resolve("bundles"))) {
            for (Path folder : folders) {
                Matcher name = FOLDER.matcher(folder.getFileName().toString());
                if (name.matches() && (name.group(2) == null || wanted.contains(name.group(2)))) {
                    int level = Integer.parseInt(name.group(1));
                    jars(folder).forEach(jar -> bundles.add(new BundleFile(jar, level)));
                }
            }
        }
        bundles.sort(
                Comparator.comparingInt(BundleFile::startLevel)
                        .thenComparing(bundle -> bundle.path().getFileName()));
        return bundles;
    }

    /** What the framework is told: files of {@code etc}, the later ones before the earlier. */
    Map<String, String> settings(String... files) throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (String file : files) {
            settings.putAll(properties(home.resolve("etc").resolve(file + ".properties")));
        }
        return settings;
    }

    private static Map<String, String> properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> map = new HashMap<>();
        properties.forEach((key, value) -> map.put((String) key, (String) value));
        return map;
    }

    /** By what decoders and encoders are asked for; the build makes it, see {@link OnDemand}. */
    Path index() {
        return home.resolve("etc").resolve("on-demand.tsv");
    }

    /** The captures for {@code --demo}. */
    List<Path> demo() throws IOException {
        try (var files = Files.list(home.resolve("demo"))) {
            return files.filter(Files::isRegularFile)
                    .filter(Distribution::isCapture)
                    .sorted()
                    .toList();
        }
    }

    /** The address spaces for {@code --demo}, as configurations. */
    List<Map<String, String>> demoSpaces() throws IOException {
        List<Map<String, String>> spaces = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(home.resolve("demo/spaces"), "*.properties")) {
            for (Path file : files) {
                spaces.add(properties(file));
            }
        }
        return spaces;
    }

    private static boolean isCapture(Path file) {
        String name = file.getFileName().toString();
        return !name.endsWith(".json") && !name.endsWith(".md"); // say what a capture is
    }

    /** The jars in a folder, by name. */
    static List<Path> jars(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        }
        jars.sort(Comparator.naturalOrder());
        return jars;
    }
}
