package io.faultline.qemu.internal;

import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/** Runs a machine for each configuration. */
@Component(
        name = MachineSettings.PID,
        service = {},
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = QemuConfig.class, factory = true)
public final class QemuComponent {
    private final Machines machines;
    private final Logger log;
    private LiveMachine machine;

    /**
     * Called by DS.
     *
     * @throws IOException if the machine does not come up
     */
    @Activate
    public QemuComponent(
            @Reference Machines machines,
            @Reference(service = LoggerFactory.class) Logger log,
            Map<String, Object> properties)
            throws IOException, InterruptedException {
        this.machines = machines;
        this.log = log;
        this.machine = machines.start(MachineSettings.of(properties));
    }

    /** Other settings are another machine; bad ones leave the present one as it is. */
    @Modified
    void configure(Map<String, Object> properties) throws InterruptedException {
        try {
            MachineSettings next = MachineSettings.of(properties);
            if (!next.equals(machine.settings())) {
                machines.stop(machine);
                machine = machines.start(next);
            }
        } catch (IllegalArgumentException e) {
            log.error("{}; nothing is changed", e.getMessage());
        } catch (IOException e) {
            log.error("{}; nothing runs", e.getMessage());
        }
    }

    @Deactivate
    void stop() {
        machines.stop(machine);
    }
}
