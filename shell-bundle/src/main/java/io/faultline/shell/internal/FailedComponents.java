package io.faultline.shell.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.osgi.framework.Constants;
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

    /** A configuration of a component that is failed. */
    private record Failure(long id, String component, String line) {}

    /** All that are failed now, a line each. */
    List<String> now() {
        return failures().stream().map(Failure::line).toList();
    }

    /** Those that have failed, or failed otherwise, and that nothing was said of yet. */
    synchronized List<String> news() {
        List<Failure> present = failures();
        List<String> lines = unsaid(present);
        said.keySet().retainAll(present.stream().map(Failure::id).toList());
        return lines;
    }

    /**
     * Those of one component that nothing was said of yet.
     *
     * @param say takes a line for each
     * @return how many configurations of it are failed now
     */
    synchronized int check(String component, Consumer<String> say) {
        List<Failure> present =
                failures().stream().filter(f -> f.component().equals(component)).toList();
        unsaid(present).forEach(say);
        return present.size();
    }

    /** How many of these PIDs' configurations one component is neither active for nor failed. */
    int pending(String component, Collection<?> pids) {
        Set<Object> pending = new HashSet<>(pids);
        forEach(
                (description, configuration) -> {
                    boolean decided =
                            configuration.state == ComponentConfigurationDTO.ACTIVE
                                    || configuration.state
                                            == ComponentConfigurationDTO.FAILED_ACTIVATION;
                    if (decided && description.name.equals(component)) {
                        pending.remove(configuration.properties.get(Constants.SERVICE_PID));
                    }
                });
        return pending.size();
    }

    private List<String> unsaid(List<Failure> present) {
        List<String> lines = new ArrayList<>();
        for (Failure failure : present) {
            if (!failure.line().equals(said.put(failure.id(), failure.line()))) {
                lines.add(failure.line());
            }
        }
        return lines;
    }

    private List<Failure> failures() {
        List<Failure> failures = new ArrayList<>();
        forEach(
                (component, configuration) -> {
                    if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                        failures.add(
                                new Failure(
                                        configuration.id,
                                        component.name,
                                        line(component, configuration)));
                    }
                });
        return failures;
    }

    private void forEach(BiConsumer<ComponentDescriptionDTO, ComponentConfigurationDTO> look) {
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
            runtime.getComponentConfigurationDTOs(component)
                    .forEach(configuration -> look.accept(component, configuration));
        }
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
