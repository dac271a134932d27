package io.faultline.itest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.osgi.Domain;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.faultline.exam.Bundles;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dependencies run one way: bundles use the API, the API uses nobody, no bundle uses another. */
class ArchitectureIT {
    private static final Set<String> API = exportedBy(Bundles.jar("fault-api"));

    private static final JavaClasses ALL = classesIn(Bundles.ours());

    private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("io.faultline..");

    private static final DescribedPredicate<JavaClass> IN_THE_API = in("the API", API);

    /** What several bundles carry, each its own copy: exported by none, imported by none. */
    private static final String CARRIED = "io.faultline.live";

    private static final DescribedPredicate<JavaClass> IN_JAVA_BASE =
            in("java.base", Object.class.getModule().getPackages());

    @Test
    void theApiUsesNothingButJavaAndTheAnnotationsOfOsgi() {
        classes()
                .that(IN_THE_API)
                .should()
                .onlyDependOnClassesThat(
                        IN_THE_API
                                .or(IN_JAVA_BASE)
                                .or(
                                        resideInAnyPackage(
                                                "org.osgi.annotation..",
                                                "org.osgi.service.component.annotations")))
                .check(ALL);
    }

    @Test
    void theApiImportsNothing() throws IOException {
        Set<String> imported =
                new TreeSet<>(Domain.domain(Bundles.jar("fault-api")).getImportPackage().keySet());
        imported.removeAll(API);

        assertEquals(Set.of(), imported);
    }

    @Test
    void noBundleUsesAnother() {
        slices().matching("io.faultline.(*).internal..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(ALL);
    }

    static List<File> bundles() {
        return Bundles.ours().stream()
                .filter(jar -> !jar.getName().startsWith("fault-api-"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void ofOursABundleImportsOnlyTheApi(File jar) throws IOException {
        Set<String> ours =
                Domain.domain(jar).getImportPackage().keySet().stream()
                        .filter(name -> name.startsWith("io.faultline."))
                        .collect(Collectors.toCollection(TreeSet::new));
        ours.removeAll(API);

        assertEquals(Set.of(), ours);
    }

    /** Where a bundle's own code is; else two bundles could hold a package of the same name. */
    @ParameterizedTest
    @MethodSource("bundles")
    void aBundleKeepsToItsPackage(File jar) {
        String room = jar.getName().replaceFirst("-bundle-\\d.*", "");

        classes()
                .that(OURS)
                .should()
                .resideInAnyPackage("io.faultline." + room + ".internal..", CARRIED)
                .allowEmptyShould(true)
                .check(classesIn(List.of(jar)));
    }

    @Test
    void whatTheDriversOfLiveUnitsShareUsesTheApiAndNoBundle() {
        classes()
                .that()
                .resideInAPackage(CARRIED)
                .should()
                .onlyDependOnClassesThat(
                        IN_THE_API
                                .or(IN_JAVA_BASE)
                                .or(resideInAnyPackage(CARRIED, "org.osgi.framework")))
                .check(ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"smmuv3", "vtd", "amdvi"})
    void aDriverOfLiveUnitsCarriesWhatItSharesWithTheOthers(String arch) throws IOException {
        Map<String, Long> carried = carriedBy(arch + "-bundle");

        assertTrue(carried.containsKey("io/faultline/live/DrivenUnits.class"), carried::toString);
        assertEquals(carriedBy("smmuv3-bundle"), carried);
    }

    /** Names and checksums. */
    private static Map<String, Long> carriedBy(String artifactId) throws IOException {
        String folder = CARRIED.replace('.', '/') + "/";
        try (JarFile jar = new JarFile(Bundles.jar(artifactId))) {
            return jar.stream()
                    .filter(entry -> entry.getName().startsWith(folder) && !entry.isDirectory())
                    .collect(Collectors.toMap(JarEntry::getName, JarEntry::getCrc));
        }
    }

    private static DescribedPredicate<JavaClass> in(String place, Set<String> packages) {
        return DescribedPredicate.describe(
                "are in " + place,
                c -> packages.contains(c.getBaseComponentType().getPackageName()));
    }

    private static JavaClasses classesIn(List<File> jars) {
        return new ClassFileImporter()
                .importUrls(jars.stream().map(ArchitectureIT::jarUrl).toList());
    }

    private static URL jarUrl(File jar) {
        try {
            return new URL("jar:" + jar.toURI() + "!/");
        } catch (MalformedURLException e) {
            throw new IllegalStateException(jar.toString(), e);
        }
    }

    private static Set<String> exportedBy(File jar) {
        try {
            return Set.copyOf(Domain.domain(jar).getExportPackage().keySet());
        } catch (IOException e) {
            throw new IllegalStateException(jar.toString(), e);
        }
    }
}
