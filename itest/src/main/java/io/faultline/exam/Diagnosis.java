package io.faultline.exam;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * Says in words what is wrong in a framework: which bundle does not start and why, which component
 * waits for which reference, and what an activation threw.
 */
public final class Diagnosis {
    private static final String RUNTIME =
            "org.osgi.service.component.runtime.ServiceComponentRuntime";

    private Diagnosis() {}

    /**
     * One line for each thing that is not as it should be; one line that says so when there is
     * none.
     */
    public static String of(Bundle anyBundle) {
        List<String> lines = new ArrayList<>();
        BundleContext context = anyBundle.getBundleContext();
        for (Bundle bundle : context.getBundles()) {
            if (!isUp(bundle)) {
                lines.add("bundle " + bundle.getSymbolicName() + ": " + whyNotActive(bundle));
            }
        }
        ServiceReference<?> reference = context.getServiceReference(RUNTIME);
        if (reference == null) {
            lines.add(
                    "no component runtime: nothing declarative starts without org.apache.felix.scr");
        } else {
            try {
                components(context.getService(reference), lines);
            } catch (ReflectiveOperationException e) {
                lines.add("components: cannot be read: " + e);
            } finally {
                context.ungetService(reference);
            }
        }
        return lines.isEmpty()
                ? "every bundle is active, every component satisfied"
                : String.join("\n", lines);
    }

    private static boolean isUp(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE
                || bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    }

    private static String whyNotActive(Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return "was not started";
        } catch (BundleException e) {
            Throwable cause = e.getCause();
            return cause == null ? e.getMessage() : e.getMessage() + ": " + cause;
        }
    }

    /**
     * The runtime's classes are those of a bundle, out of reach for the compiler: its DTOs are read
     * by field name.
     */
    private static void components(Object runtime, List<String> lines)
            throws ReflectiveOperationException {
        Class<?> api = interfaceOf(runtime);
        Object none = Array.newInstance(Bundle.class, 0);
        Collection<?> descriptions =
                (Collection<?>)
                        api.getMethod("getComponentDescriptionDTOs", Bundle[].class)
                                .invoke(runtime, none);
        for (Object description : descriptions) {
            Collection<?> configurations =
                    (Collection<?>)
                            api.getMethod("getComponentConfigurationDTOs", description.getClass())
                                    .invoke(runtime, description);
            String name = "component " + field(description, "name");
            if (configurations.isEmpty()) {
                lines.add(name + ": has no configuration");
            }
            for (Object configuration : configurations) {
                Object failure = field(configuration, "failure");
                if (failure != null) {
                    lines.add(
                            name
                                    + ": activation failed: "
                                    + ((String) failure).lines().findFirst().orElse(""));
                }
                for (Object reference : (Object[]) field(configuration, "unsatisfiedReferences")) {
                    lines.add(
                            name + ": reference " + field(reference, "name") + " is not satisfied");
                }
            }
        }
    }

    private static Class<?> interfaceOf(Object runtime) {
        for (Class<?> c = runtime.getClass(); c != null; c = c.getSuperclass()) {
            for (Class<?> i : c.getInterfaces()) {
                if (i.getName().equals(RUNTIME)) {
                    return i;
                }
            }
        }
        throw new IllegalStateException(runtime.getClass() + " is no " + RUNTIME);
    }

    private static Object field(Object dto, String name) throws ReflectiveOperationException {
        return dto.getClass().getField(name).get(dto);
    }
}
