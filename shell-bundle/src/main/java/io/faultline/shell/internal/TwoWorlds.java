package io.faultline.shell.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleRevisions;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Finds bundles that were updated or uninstalled while others go on with their old classes. Those
 * others and whoever comes now do not see each other's services, and nothing says so: after an
 * update of the API a new handler may be registered and never be called.
 */
final class TwoWorlds {
    private TwoWorlds() {}

    /** A line for each such bundle. */
    static List<String> of(FrameworkWiring wiring) {
        return of(wiring.getRemovalPendingBundles());
    }

    static List<String> of(Collection<Bundle> pending) {
        List<String> lines = new ArrayList<>();
        for (Bundle bundle : pending) {
            Set<String> users = users(bundle);
            if (!users.isEmpty()) {
                boolean gone = bundle.getState() == Bundle.UNINSTALLED;
                lines.add(
                        "bundle "
                                + bundle.getSymbolicName()
                                + (gone ? " was uninstalled" : " was updated")
                                + ", but its old classes are still used by "
                                + String.join(", ", users)
                                + ": they and newer bundles do not see each other's services;"
                                + " 'faultline:refresh' restarts them on the present classes");
            }
        }
        return lines;
    }

    /** Who is wired to a revision of the bundle that is not the present one. */
    private static Set<String> users(Bundle bundle) {
        Set<String> users = new TreeSet<>();
        BundleRevision present = bundle.adapt(BundleRevision.class);
        BundleRevisions revisions = bundle.adapt(BundleRevisions.class);
        for (BundleRevision revision : revisions.getRevisions()) {
            BundleWiring wiring = revision.getWiring();
            if (wiring != null
                    && (revision != present || bundle.getState() == Bundle.UNINSTALLED)) {
                for (BundleWire wire : wiring.getProvidedWires(null)) {
                    Bundle user = wire.getRequirer().getBundle();
                    if (!user.equals(bundle)) {
                        users.add(user.getSymbolicName());
                    }
                }
            }
        }
        return users;
    }
}
