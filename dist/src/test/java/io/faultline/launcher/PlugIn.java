package io.faultline.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Bundles for the deploy folder. */
final class PlugIn {
    private static final String NAME = "com.example.plugin";
    private static final String COMPONENT = "OSGI-INF/component.xml";

    private PlugIn() {}

    /** A bundle without code. */
    static void importing(String packages, Path jar) throws IOException {
        importing(packages, NAME, jar);
    }

    /** A bundle without code, of another name. */
    static void importing(String packages, String name, Path jar) throws IOException {
        new JarOutputStream(Files.newOutputStream(jar), manifest(packages, name, null)).close();
    }

    /** A bundle with one component, whose class is among those of the tests. */
    static void component(Class<?> type, Class<?> service, Path jar) throws IOException {
        String xml =
                "<component xmlns='http://www.osgi.org/xmlns/scr/v1.3.0' name='"
                        + type.getSimpleName()
                        + "'><implementation class='"
                        + type.getName()
                        + "'/><service><provide interface='"
                        + service.getName()
                        + "'/></service></component>";
        String file = type.getName().replace('.', '/') + ".class";
        try (JarOutputStream out =
                        new JarOutputStream(
                                Files.newOutputStream(jar),
                                manifest(service.getPackageName(), NAME, COMPONENT));
                InputStream code = type.getClassLoader().getResourceAsStream(file)) {
            out.putNextEntry(new ZipEntry(COMPONENT));
            out.write(xml.getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new ZipEntry(file));
            code.transferTo(out);
        }
    }

    private static Manifest manifest(String packages, String name, String component) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Import-Package", packages);
        if (component != null) {
            main.putValue("Service-Component", component);
        }
        return manifest;
    }
}
