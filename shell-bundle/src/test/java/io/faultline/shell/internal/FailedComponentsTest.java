package io.faultline.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

class FailedComponentsTest {
    private static final String REPLAY =
            "component io.faultline.replay (bundle io.faultline.replay 23) cannot be activated: ";

    private final List<ComponentConfigurationDTO> configurations = new ArrayList<>();
    private final FailedComponents failed = new FailedComponents(runtime());

    @Test
    void saysAFailureOnce() {
        add(1, ComponentConfigurationDTO.ACTIVE, null);
        add(2, ComponentConfigurationDTO.FAILED_ACTIVATION, trace("rate=fast: no rate"));

        assertEquals(List.of(REPLAY + "rate=fast: no rate"), failed.news());
        assertEquals(List.of(), failed.news());
        assertEquals(List.of(REPLAY + "rate=fast: no rate"), failed.now());
    }

    @Test
    void saysItAgainWhenItFailsOtherwiseOrAnew() {
        add(2, ComponentConfigurationDTO.FAILED_ACTIVATION, trace("one"));
        failed.news();

        configurations.get(0).failure = trace("two");
        assertEquals(List.of(REPLAY + "two"), failed.news());

        configurations.clear();
        assertEquals(List.of(), failed.news());
        add(2, ComponentConfigurationDTO.FAILED_ACTIVATION, trace("two"));
        assertEquals(List.of(REPLAY + "two"), failed.news());
    }

    @Test
    void checksOneComponent() {
        add(1, ComponentConfigurationDTO.FAILED_ACTIVATION, trace("one"));
        add(2, ComponentConfigurationDTO.FAILED_ACTIVATION, trace("two"));
        List<String> said = new ArrayList<>();

        assertEquals(0, failed.check("another", said::add));
        assertEquals(2, failed.check("io.faultline.replay", said::add));
        assertEquals(2, failed.check("io.faultline.replay", said::add));

        assertEquals(List.of(REPLAY + "one", REPLAY + "two"), said);
        assertEquals(List.of(), failed.news());
    }

    @Test
    void countsWhatIsStillToCome() {
        add(1, ComponentConfigurationDTO.ACTIVE, null);
        add(2, ComponentConfigurationDTO.SATISFIED, null);
        add(3, ComponentConfigurationDTO.FAILED_ACTIVATION, trace("one"));

        assertEquals(
                2, failed.pending("io.faultline.replay", List.of("pid1", "pid2", "pid3", "pid4")));
        assertEquals(1, failed.pending("another", List.of("pid1")));
    }

    private void add(long id, int state, String failure) {
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        configuration.id = id;
        configuration.state = state;
        configuration.failure = failure;
        configuration.properties = Map.of("service.pid", "pid" + id);
        configurations.add(configuration);
    }

    private static String trace(String message) {
        return "java.lang.IllegalArgumentException: " + message + "\n\tat a.B.c(B.java:1)\n";
    }

    private ServiceComponentRuntime runtime() {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.name = "io.faultline.replay";
        component.bundle = new BundleDTO();
        component.bundle.symbolicName = "io.faultline.replay";
        component.bundle.id = 23;
        return (ServiceComponentRuntime)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {ServiceComponentRuntime.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "getComponentDescriptionDTOs" -> List.of(component);
                                    case "getComponentConfigurationDTOs" -> configurations;
                                    default -> throw new AssertionError(method);
                                });
    }
}
