package io.faultline.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A bundle without code, for the deploy folder. */
final class PlugIn {
    private PlugIn() {}

    static void importing(String packages, Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "com.example.plugin");
        main.putValue("Import-Package", packages);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }
}
