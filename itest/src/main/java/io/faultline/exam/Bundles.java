package io.faultline.exam;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.streamBundle;

import java.io.File;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/**
 * The bundles of this build and those that run beside them, as jars on the class path of the tests.
 */
public final class Bundles {
    private static final Pattern OURS = Pattern.compile("(fault-api|.*-bundle)-\\d.*\\.jar");

    /** Components, configuration, metatypes, a log, commands, JSON. */
    private static final String[] FELIX = {
        "jackson-core",
        "org.osgi.util.function",
        "org.osgi.util.promise",
        "org.osgi.service.component",
        "org.apache.felix.scr",
        "org.apache.felix.configadmin",
        "org.apache.felix.metatype",
        "org.apache.felix.gogo.runtime",
        "org.apache.felix.log"
    };

    private Bundles() {}

    /** What our bundles need. */
    public static Option felix() {
        return named(FELIX);
    }

    /** The dispatcher with one driver, what they need, and {@linkplain #recorders() recorders}. */
    public static Option core() {
        return composite(
                felix(), named("fault-api", "dispatcher-bundle", "smmuv3-bundle"), recorders());
    }

    /** All of ours. */
    public static Option faultline() {
        return install(ours().stream());
    }

    /** {@link #recordersBundle()}, in a container. */
    public static Option recorders() {
        return streamBundle(recordersBundle().open());
    }

    /**
     * Units, queues, ports and handlers that record: the testkit is made for tests without a
     * framework. What of it steps a dispatcher by hand is left out.
     */
    public static HotBundle recordersBundle() {
        return HotBundle.of("testkit.recorders", "io.faultline.testkit")
                .with("Export-Package", "io.faultline.testkit")
                .with("Import-Package", "!io.faultline.*.internal,!com.fasterxml.*,*");
    }

    /** Some, by artifact id. */
    public static Option named(String... artifactIds) {
        return install(Stream.of(artifactIds).map(Bundles::jar));
    }

    private static Option install(Stream<File> jars) {
        return composite(jars.map(jar -> bundle(jar.toURI().toString())).toArray(Option[]::new));
    }

    /** The jars of all of ours and of what they need. */
    public static List<File> all() {
        return Stream.concat(Stream.of(FELIX).map(Bundles::jar), ours().stream()).toList();
    }

    /** The jars of the API and of every {@code *-bundle}. */
    public static List<File> ours() {
        return classPath().filter(file -> OURS.matcher(file.getName()).matches()).toList();
    }

    /** The jar of an artifact; there is one from the phase {@code package} on. */
    public static File jar(String artifactId) {
        Pattern name = Pattern.compile(Pattern.quote(artifactId) + "-\\d.*\\.jar");
        return classPath()
                .filter(file -> name.matcher(file.getName()).matches())
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        artifactId
                                                + " is no jar on the class path: add it to the dependencies of itest,"
                                                + " and run the phase verify"));
    }

    static Stream<File> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(File::new);
    }
}
