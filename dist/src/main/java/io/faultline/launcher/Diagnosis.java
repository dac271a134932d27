package io.faultline.launcher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/**
 * Says in one line why a bundle does not run: which package or capability it lacks, and who has it
 * in another version. The resolver's own messages are true, and unreadable.
 */
final class Diagnosis {
    private static final Pattern FLOOR = Pattern.compile("(?<!!)\\(version>=([^)]+)\\)");
    private static final Pattern CEILING = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

    private final Bundle system;
    private final FrameworkWiring wiring;

    /**
     * @param system the system bundle
     */
    Diagnosis(Bundle system) {
        this.system = system;
        this.wiring = system.adapt(FrameworkWiring.class);
    }

    /**
     * Why a bundle does not run.
     *
     * @param failure what starting it threw, or null
     */
    String of(Bundle bundle, BundleException failure) {
        String name = "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion();
        String told = failure == null ? "no reason was given" : cause(failure);
        if (bundle.getState() != Bundle.INSTALLED) {
            return name + " does not start: " + told;
        }
        List<String> lacks = lacks(bundle);
        return lacks.isEmpty()
                ? name + " cannot be wired to the others: " + told
                : name + " lacks " + String.join(", and ", lacks);
    }

    /** What lies at the bottom of an exception, in one line. */
    static String cause(Throwable e) {
        Throwable bottom = e;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        String message = bottom.getMessage();
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        return bottom instanceof BundleException || bottom instanceof IOException
                ? line
                : bottom.getClass().getName() + ": " + line;
    }

    /** What a bundle asks for and nobody has, or only bundles that do not resolve themselves. */
    List<String> lacks(Bundle bundle) {
        List<String> lacks = new ArrayList<>();
        for (BundleRequirement requirement :
                bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
            if (isMandatory(requirement)) {
                Collection<BundleCapability> providers = wiring.findProviders(requirement);
                if (providers.isEmpty()) {
                    lacks.add(name(requirement) + others(requirement));
                } else if (providers.stream().allMatch(p -> isStuck(p, bundle))) {
                    lacks.add(name(requirement) + stuck(providers));
                }
            }
        }
        return lacks;
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String resolution = directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        String effective =
                directives.getOrDefault(
                        Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE);
        return effective.equals(Namespace.EFFECTIVE_RESOLVE)
                && !Namespace.RESOLUTION_OPTIONAL.equals(resolution)
                && !PackageNamespace.RESOLUTION_DYNAMIC.equals(resolution);
    }

    private static boolean isStuck(BundleCapability capability, Bundle asking) {
        Bundle provider = capability.getRevision().getBundle();
        return provider.getState() == Bundle.INSTALLED && !provider.equals(asking);
    }

    /** {@code package io.faultline.fault [2.0.0,3.0.0)}. */
    private static String name(BundleRequirement requirement) {
        String namespace = requirement.getNamespace();
        String filter = filter(requirement);
        String wanted = attribute(namespace, filter);
        if (namespace.equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE)) {
            return "its Java: it needs " + wanted + range(filter);
        }
        String kind = namespace.equals(PackageNamespace.PACKAGE_NAMESPACE) ? "package" : namespace;
        return wanted.isEmpty() ? kind + " " + filter : kind + " " + wanted + range(filter);
    }

    private static String filter(BundleRequirement requirement) {
        return requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
    }

    private static String attribute(String name, String filter) {
        Matcher value =
                Pattern.compile("\\(" + Pattern.quote(name) + "=([^)]+)\\)").matcher(filter);
        return value.find() ? value.group(1) : "";
    }

    private static String range(String filter) {
        Matcher ceiling = CEILING.matcher(filter);
        String below = ceiling.find() ? ceiling.group(1) : "";
        Matcher floor = FLOOR.matcher(ceiling.replaceAll(""));
        if (!floor.find()) {
            return "";
        }
        return below.isEmpty()
                ? " " + floor.group(1) + " or later"
                : " [" + floor.group(1) + "," + below + ")";
    }

    /** Who has it, in a version that does not fit. */
    private String others(BundleRequirement requirement) {
        String namespace = requirement.getNamespace();
        if (namespace.equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE)) {
            return ", this is Java " + Runtime.version().feature();
        }
        String wanted = attribute(namespace, filter(requirement));
        TreeSet<String> owners = new TreeSet<>();
        for (Bundle bundle : system.getBundleContext().getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            for (BundleCapability capability : revision.getDeclaredCapabilities(namespace)) {
                if (wanted.equals(capability.getAttributes().get(namespace))) {
                    Object version = capability.getAttributes().get("version");
                    owners.add(bundle.getSymbolicName() + " has version " + version);
                }
            }
        }
        return owners.isEmpty() ? " (no bundle has it)" : " (" + String.join("; ", owners) + ")";
    }

    private static String stuck(Collection<BundleCapability> providers) {
        String owner = providers.iterator().next().getRevision().getSymbolicName();
        return " (" + owner + " has it, but does not resolve itself)";
    }
}
