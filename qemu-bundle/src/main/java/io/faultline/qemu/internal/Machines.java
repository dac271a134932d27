package io.faultline.qemu.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** The machines that run, by the name of their unit. They end with this component. */
@Component(service = Machines.class)
public final class Machines {
    private final BundleContext context;
    private final Logger log;
    private final Map<String, LiveMachine> machines = new TreeMap<>();

    /** Called by DS. */
    @Activate
    public Machines(BundleContext context, @Reference(service = LoggerFactory.class) Logger log) {
        this.context = context;
        this.log = log;
    }

    /**
     * Starts a machine; one of this name whose emulator has ended makes room for it.
     *
     * @throws IOException says why it does not run
     */
    synchronized LiveMachine start(MachineSettings settings)
            throws IOException, InterruptedException {
        LiveMachine before = machines.get(settings.name());
        if (before != null && before.isUp()) {
            throw new IOException(
                    settings.name() + " runs already; stop it first, or give another name");
        }
        if (before != null) {
            before.stop();
            machines.remove(settings.name());
        }
        LiveMachine machine = LiveMachine.start(settings, context, log::warn);
        machines.put(settings.name(), machine);
        return machine;
    }

    /** Ends a machine, if it is this one that has the name. */
    synchronized void stop(LiveMachine machine) {
        machine.stop();
        machines.remove(machine.settings().name(), machine);
    }

    synchronized List<LiveMachine> all() {
        return new ArrayList<>(machines.values());
    }

    /** Called by DS. */
    @Deactivate
    synchronized void close() {
        machines.values().forEach(LiveMachine::stop);
        machines.clear();
    }

    /**
     * The machine of a name.
     *
     * @param name null: the only one there is
     * @throws IllegalArgumentException says which there are
     */
    LiveMachine find(String name) {
        List<LiveMachine> up = all().stream().filter(LiveMachine::isUp).toList();
        List<LiveMachine> named =
                up.stream().filter(m -> name == null || m.settings().name().equals(name)).toList();
        if (named.size() == 1) {
            return named.get(0);
        }
        List<String> names = up.stream().map(m -> m.settings().name()).toList();
        throw new IllegalArgumentException(
                names.isEmpty()
                        ? "no emulated unit is up; `faultline:qemu start` starts one"
                        : name == null
                                ? "which one? name=" + String.join(" or name=", names)
                                : "name=" + name + ": there are " + names);
    }
}
