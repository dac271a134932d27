package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Processor;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The run descriptors name what the distribution starts, each at its start level. */
class RunDescriptorIT {
    private static final Path BUNDLES = Path.of("../dist/target/dist/bundles");

    @ParameterizedTest
    @CsvSource({"decode.bndrun, decode", "run.bndrun, run terminal unattended"})
    void namesWhatTheDistributionHolds(String descriptor, String modes) throws IOException {
        Map<String, String> named = new TreeMap<>();
        Set<String> required;
        try (Processor processor = new Processor()) {
            processor.setProperties(new File("../cnf/run/" + descriptor));
            new Parameters(processor.getProperty(Constants.RUNBUNDLES), processor)
                    .forEach((name, attributes) -> named.put(name, attributes.get("startlevel")));
            required = identities(processor);
        }

        assertEquals(shipped(List.of(modes.split(" "))), named);
        assertEquals(
                named.keySet().stream()
                        .filter(name -> name.startsWith("io.faultline."))
                        .collect(Collectors.toSet()),
                required);
    }

    private static Set<String> identities(Processor processor) {
        return new Parameters(processor.getProperty(Constants.RUNREQUIRES), processor, true)
                .values().stream()
                        .map((Attrs attributes) -> attributes.get("id"))
                        .collect(Collectors.toSet());
    }

    /** Symbolic name and start level of the bundles for every run and for some modes. */
    private static Map<String, String> shipped(List<String> modes) throws IOException {
        Map<String, String> shipped = new TreeMap<>();
        for (Path folder : list(BUNDLES)) {
            String[] name = folder.getFileName().toString().split("-", 2);
            if (name.length == 1 || modes.contains(name[1])) {
                for (Path jar : list(folder)) {
                    shipped.put(symbolicName(jar), name[0]);
                }
            }
        }
        return shipped;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return new ArrayList<>(entries.sorted().toList());
        }
    }

    private static String symbolicName(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            String name = file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
            return name.split(";", 2)[0].trim();
        }
    }
}
