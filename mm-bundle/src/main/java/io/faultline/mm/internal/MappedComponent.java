package io.faultline.mm.internal;

import io.faultline.mm.SpaceControl;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/** A mapped space for each configuration. */
@Component(
        name = MappedConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {})
@Designate(ocd = MappedConfig.class, factory = true)
public final class MappedComponent {
    private final Consumer<String> log;
    private final ConfiguredSpace space;

    /** Called by DS. */
    @Activate
    public MappedComponent(
            @Reference SpaceControl control,
            @Reference(service = LoggerFactory.class) Logger logger,
            Map<String, Object> config)
            throws IOException {
        this.log = logger::warn;
        SpaceSettings settings = SpaceSettings.of(config);
        this.space =
                new ConfiguredSpace(
                        control,
                        control.createMapped(
                                settings.name(),
                                settings.file(),
                                settings.writable(),
                                settings.areas(),
                                settings.options()),
                        settings,
                        log);
    }

    /** Called by DS; the mapping stays. */
    @Modified
    void configure(Map<String, Object> config) {
        try {
            space.configure(SpaceSettings.of(config));
        } catch (IllegalArgumentException e) {
            log.accept("mm: " + e.getMessage() + "; all settings of the space stay");
        }
    }

    /** Called by DS. */
    @Deactivate
    void close() {
        space.close();
    }
}
