package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Domain;
import aQute.bnd.osgi.Processor;
import io.faultline.exam.Bundles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Constants;

/** What the bundles say of themselves. */
class ManifestIT {
    static List<File> bundles() {
        return Bundles.ours();
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void namesTheBundleAfterItsRoom(File jar) throws IOException {
        String room = jar.getName().replaceFirst("(-bundle)?-\\d.*", "");

        assertEquals("io.faultline." + room, Domain.domain(jar).getBundleSymbolicName().getKey());
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void describesTheBundle(File jar) throws IOException {
        Domain manifest = Domain.domain(jar);

        assertTrue(manifest.get(Constants.BUNDLE_NAME).startsWith("Faultline "));
        assertEquals("Apache-2.0", manifest.get("Bundle-License"));
        assertTrue(manifest.get(Constants.BUNDLE_DESCRIPTION).length() > 20);
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void exportsNothingButTheApi(File jar) throws IOException {
        boolean api = jar.getName().startsWith("fault-api-");

        Parameters exports = Domain.domain(jar).getExportPackage();

        assertEquals(api, !exports.isEmpty(), () -> "exports " + exports);
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void importsNothingOptionallyOrLate(File jar) throws IOException {
        Domain manifest = Domain.domain(jar);
        Set<String> optional =
                Stream.of(manifest.getImportPackage(), manifest.getRequireCapability())
                        .flatMap(clauses -> clauses.entrySet().stream())
                        .filter(clause -> "optional".equals(clause.getValue().get("resolution:")))
                        .map(clause -> Processor.removeDuplicateMarker(clause.getKey()))
                        // an optional reference of a component, which no resolver has to satisfy
                        .filter(name -> !name.equals("osgi.service"))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(Set.of(), optional);
        assertEquals(null, manifest.get(Constants.DYNAMICIMPORT_PACKAGE));
    }

    @Test
    void knowsEveryRoom() throws IOException {
        String bom = Files.readString(Path.of("../bom/pom.xml"));
        try (Stream<Path> rooms = Files.list(Path.of(".."))) {
            rooms.filter(room -> Files.exists(room.resolve("pom.xml")))
                    .map(room -> room.getFileName().toString())
                    .filter(name -> name.endsWith("-bundle"))
                    .forEach(
                            name -> {
                                Bundles.jar(name); // throws, naming the room
                                assertTrue(
                                        bom.contains(">" + name + "<"),
                                        name + " is not in the BOM");
                            });
        }
    }
}
