package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The parent of plug-ins' builds has no parent of ours, so it writes versions a second time. */
class PluginParentIT {
    private static final Pattern VERSION = Pattern.compile("<([a-z.]+\\.version)>([^<]+)</\\1>");

    @Test
    void buildsWithTheVersionsOfThisBuild() throws Exception {
        String cnf = Files.readString(Path.of("../cnf/pom.xml"));
        Map<String, String> ours = versions(cnf);
        Map<String, String> theirs = versions(Files.readString(Path.of("../examples/pom.xml")));

        assertTrue(theirs.containsKey("bnd.version"), theirs::toString);
        theirs.forEach(
                (property, version) ->
                        assertEquals(
                                ours.getOrDefault(property, ofPlugin(property, cnf)),
                                version,
                                property));
    }

    private static Map<String, String> versions(String pom) {
        Map<String, String> versions = new TreeMap<>();
        Matcher version = VERSION.matcher(pom);
        while (version.find()) {
            versions.put(version.group(1), version.group(2));
        }
        return versions;
    }

    /** What has no property in cnf is the version of a Maven plug-in. */
    private static String ofPlugin(String property, String cnf) {
        String name = property.replace(".version", "");
        Matcher plugin =
                Pattern.compile(
                                "<artifactId>maven-"
                                        + name
                                        + "-plugin</artifactId>\\s*<version>([^<]+)<")
                        .matcher(cnf);
        return plugin.find() ? plugin.group(1) : "no such plug-in in cnf/pom.xml";
    }
}
