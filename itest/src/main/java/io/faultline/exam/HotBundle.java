package io.faultline.exam;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * A bundle that is built while the test runs, by bnd and so with its annotations processed as in
 * the real build.
 *
 * <pre>{@code
 * Bundle spy = context.installBundle("hot:spy", HotBundle.of("hot.spy", "io.faultline.itest.spy").open());
 * spy.update(HotBundle.of("hot.spy", "io.faultline.itest.spy").version("1.1.0").open());
 * }</pre>
 */
public final class HotBundle {
    private static final File SHARED_INSTRUCTIONS = new File("../bnd.bnd");

    private final Map<String, String> instructions = new TreeMap<>();

    private HotBundle(String symbolicName, String packages) {
        with("Bundle-SymbolicName", symbolicName);
        with("-privatepackage", packages);
        version("1.0.0");
    }

    /**
     * A bundle of version 1.0.0.
     *
     * @param symbolicName its name
     * @param packages packages of the test's class path, usually of target/test-classes, separated
     *     by commas
     */
    public static HotBundle of(String symbolicName, String packages) {
        return new HotBundle(symbolicName, packages);
    }

    /** Its version. */
    public HotBundle version(String version) {
        return with("Bundle-Version", version);
    }

    /** A header or an instruction for bnd. */
    public HotBundle with(String name, String value) {
        instructions.put(name, value);
        return this;
    }

    /** Builds it. */
    public InputStream open() {
        try (Builder builder = new Builder()) {
            builder.setProperties(SHARED_INSTRUCTIONS);
            instructions.forEach(builder::setProperty);
            for (File entry : Bundles.classPath().filter(File::exists).toList()) {
                builder.addClasspath(entry);
            }
            Jar jar = builder.build();
            if (!builder.isOk() || !builder.getWarnings().isEmpty()) {
                throw new IllegalStateException(
                        instructions + ": " + builder.getErrors() + " " + builder.getWarnings());
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            jar.write(bytes);
            return new ByteArrayInputStream(bytes.toByteArray());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(instructions.toString(), e);
        }
    }
}
