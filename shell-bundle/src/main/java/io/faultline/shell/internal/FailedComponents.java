package io.faultline.shell.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Finds components whose activation threw. The component runtime tells nobody: such a service is
 * simply missing.
 */
final class FailedComponents {
    private final ServiceComponentRuntime runtime;

    /** What was said of each failed configuration. */
    private final Map<Long, String> said = new HashMap<>();

    FailedComponents(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    /** All that are failed now, a line each. */
    List<String> now() {
        List<String> lines = new ArrayList<>();
        failures().values().forEach(lines::add);
        return lines;
    }

    /** Those that have failed, or failed otherwise, since the last call. */
    synchronized List<String> news() {
        Map<Long, String> present = failures();
        List<String> lines = new ArrayList<>();
        present.forEach(
                (id, line) -> {
                    if (!line.equals(said.get(id))) {
                        lines.add(line);
                    }
                });
        said.clear();
        said.putAll(present);
        return lines;
    }

    private Map<Long, String> failures() {
        Map<Long, String> failures = new HashMap<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO configuration :
                    runtime.getComponentConfigurationDTOs(component)) {
                if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    failures.put(configuration.id, line(component, configuration));
                }
            }
        }
        return failures;
    }

    private static String line(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        String why = configuration.failure == null ? "" : Causes.line(configuration.failure);
        return "component "
                + component.name
                + " (bundle "
                + component.bundle.symbolicName
                + " "
                + component.bundle.id
                + ") cannot be activated: "
                + why;
    }
}
