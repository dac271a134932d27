package io.faultline.launcher;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The sources of this run, as configurations of the bundles that make them; and the address spaces
 * of a demonstration.
 */
final class Sources {
    private static final String ANY_BUNDLE = "?";

    /** The factory whose configurations each are an address space. */
    static final String SPACES_FACTORY_PID = "io.faultline.mm.modelled";

    /** Marks what this run made, beside the spaces that users have configured. */
    private static final String DEMO = "faultline.demo";

    private final ConfigurationAdmin admin;

    Sources(BundleContext context) {
        this.admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
    }

    /**
     * Forgets the sources of an earlier run: settings are kept, but nobody asked for these. To be
     * done before their bundles start.
     */
    void forget() throws IOException {
        forget("(service.factoryPid=" + Recording.FACTORY_PID + ")");
        forget("(service.factoryPid=" + Emulated.FACTORY_PID + ")");
        forget("(service.pid=" + KernelLog.PID + ")");
        forget("(" + DEMO + "=true)");
    }

    private void forget(String filter) throws IOException {
        try {
            Configuration[] left = admin.listConfigurations(filter);
            if (left != null) {
                for (Configuration configuration : left) {
                    configuration.delete();
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException("filter=" + filter, e);
        }
    }

    void play(Recording recording) throws IOException {
        admin.createFactoryConfiguration(Recording.FACTORY_PID, ANY_BUNDLE)
                .update(recording.configuration());
    }

    void emulate(Emulated emulated) throws IOException {
        admin.createFactoryConfiguration(Emulated.FACTORY_PID, ANY_BUNDLE)
                .update(emulated.configuration());
    }

    /**
     * Has an address space made; it comes a while later.
     *
     * @return the PID of its configuration
     */
    String makeSpace(Map<String, String> space) throws IOException {
        Map<String, Object> properties = new HashMap<>(space);
        properties.put(DEMO, "true");
        Configuration configuration =
                admin.createFactoryConfiguration(SPACES_FACTORY_PID, ANY_BUNDLE);
        configuration.update(FrameworkUtil.asDictionary(properties));
        return configuration.getPid();
    }

    void followKernelLog() throws IOException {
        admin.getConfiguration(KernelLog.PID, ANY_BUNDLE).update(KernelLog.configuration());
    }
}
