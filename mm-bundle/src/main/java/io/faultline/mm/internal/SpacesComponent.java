package io.faultline.mm.internal;

import io.faultline.mm.AddressSpaces;
import io.faultline.mm.SpaceControl;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Offers the {@link SpaceTable}. Its services are registered here and not by the component runtime,
 * which would take them away first and call us afterwards: who waits for a call that a script
 * blocks would wait in vain.
 */
@Component(
        name = "address-spaces",
        service = {})
public final class SpacesComponent {
    private final SpaceTable table;
    private final List<ServiceRegistration<?>> services;

    /** Called by DS. */
    @Activate
    public SpacesComponent(
            BundleContext context, @Reference(service = LoggerFactory.class) Logger logger) {
        table = new SpaceTable(logger::warn);
        services =
                List.of(
                        context.registerService(AddressSpaces.class, table, null),
                        context.registerService(SpaceControl.class, table, null));
    }

    /** Calls end, then nobody finds a space any more, then the spaces are taken down. */
    @Deactivate
    void close() {
        table.goAway();
        services.forEach(ServiceRegistration::unregister);
        table.close();
    }
}
