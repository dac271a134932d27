package io.faultline.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * Bundles that are installed when something of theirs is asked for: most logs need one architecture
 * of all, and an installation costs some ten milliseconds.
 *
 * <p>A file that the build makes ({@link Indexing}) tells what each has. For each there are
 * services of type {@code Runnable} that bring it, with the properties
 *
 * <ul>
 *   <li>{@code faultline.brings}: the names of its decoders of records ({@code arch:queue}) and of
 *       its encoders ({@code arch}), or
 *   <li>{@code faultline.brings.literals}, {@code .arch}, {@code .component}: the literals of one
 *       of its decoders of lines, and whose it is.
 * </ul>
 *
 * <p>When {@code run} returns, the bundle is active and its services are registered. They are types
 * of the JDK, since launcher and bundles share no others.
 *
 * <p><b>Threads.</b> Any may bring.
 */
final class OnDemand {
    private static final String BRINGS = "faultline.brings";
    private static final int COLUMNS = 4;

    /** What there is to know of a bundle. */
    private final class Absent implements Runnable {
        private final Distribution.BundleFile file;
        private final List<String> names = new ArrayList<>();
        private final List<Lines> lines = new ArrayList<>();
        private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
        private boolean brought;

        Absent(Distribution.BundleFile file) {
            this.file = file;
        }

        synchronized void offer() {
            BundleContext context = container.context();
            if (!names.isEmpty()) {
                register(context, Map.of(BRINGS, names.toArray(String[]::new)));
            }
            for (Lines decoder : lines) {
                register(
                        context,
                        Map.of(
                                BRINGS + ".literals", decoder.literals.toArray(String[]::new),
                                BRINGS + ".arch", decoder.arch,
                                BRINGS + ".component", decoder.component));
            }
        }

        private void register(BundleContext context, Map<String, Object> properties) {
            registrations.add(
                    context.registerService(
                            Runnable.class, this, FrameworkUtil.asDictionary(properties)));
        }

        @Override
        public synchronized void run() {
            if (!brought) {
                brought = true;
                container.add(file);
                registrations.forEach(ServiceRegistration::unregister);
            }
        }
    }

    /** A decoder of lines. */
    private static final class Lines {
        private final String arch;
        private final String component;
        private final List<String> literals = new ArrayList<>();

        Lines(String arch, String component) {
            this.arch = arch;
            this.component = component;
        }
    }

    private final Container container;
    private final Map<String, Absent> absent = new HashMap<>();

    private OnDemand(Container container) {
        this.container = container;
    }

    /** Installs those bundles that are needed in any case, and offers the others. */
    static void install(
            Container container, Collection<Distribution.BundleFile> bundles, Path index)
            throws IOException, BundleException {
        OnDemand onDemand = new OnDemand(container);
        if (Files.exists(index)) {
            Map<String, Distribution.BundleFile> files = new HashMap<>();
            bundles.forEach(file -> files.put(file.path().getFileName().toString(), file));
            onDemand.read(index, files);
        }
        List<Distribution.BundleFile> needed = new ArrayList<>();
        List<Absent> others = new ArrayList<>();
        for (Distribution.BundleFile file : bundles) {
            Absent absent = onDemand.absent.get(file.path().getFileName().toString());
            if (absent == null) {
                needed.add(file);
            } else {
                others.add(absent);
            }
        }
        container.install(needed);
        others.forEach(Absent::offer); // in the order in which they would have come
    }

    /** Passes over what it says of bundles that are not there: somebody has taken them out. */
    private void read(Path index, Map<String, Distribution.BundleFile> files) throws IOException {
        Map<String, Lines> decoders = new HashMap<>();
        for (String line : Files.readAllLines(index)) {
            String[] columns = line.split("\t", COLUMNS);
            Distribution.BundleFile file = files.get(columns[0]);
            if (file == null) {
                continue;
            }
            Absent bundle = absent.computeIfAbsent(columns[0], name -> new Absent(file));
            switch (columns[1]) {
                case "name" -> bundle.names.add(columns[2]);
                case "lines" -> {
                    Lines decoder = new Lines(columns[2], columns[3]);
                    bundle.lines.add(decoder);
                    decoders.put(decoder.component, decoder);
                }
                case "literal" -> decoders.get(columns[2]).literals.add(columns[3]);
                default -> throw new IOException(index + ": " + line + "; build anew");
            }
        }
    }
}
