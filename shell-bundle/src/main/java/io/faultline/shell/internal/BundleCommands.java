package io.faultline.shell.internal;

import io.faultline.platform.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The commands that say what is wrong, and mend what OSGi can mend. */
@Component(service = BundleCommands.class)
@GogoCommand(
        scope = Scope.NAME,
        function = {"health", "refresh", "why"})
public final class BundleCommands {
    private final BundleContext context;
    private final FrameworkWiring wiring;
    private final Diagnostics diagnostics;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Platform platform;

    /** What the launcher knows of a bundle that does not resolve. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            target = "(faultline.command=why)")
    private volatile Function<Bundle, String> unresolved;

    /** Called by DS. */
    @Activate
    public BundleCommands(BundleContext context, @Reference Diagnostics diagnostics) {
        this.context = context;
        this.diagnostics = diagnostics;
        this.wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }

    @Descriptor("says what needs attention, and what to do about it")
    public void health() {
        List<String> lines = new ArrayList<>();
        Platform present = platform;
        lines.addAll(present == null ? List.of(Scope.NO_PLATFORM) : present.health());
        lines.addAll(diagnostics.problems());
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getState() == Bundle.INSTALLED) {
                lines.add(whyUnresolved(bundle));
            }
        }
        Scope.print(lines.isEmpty() ? "All is well." : String.join("\n", lines));
    }

    @Descriptor("says why a bundle does not run")
    public void why(@Descriptor("its id or symbolic name") String name) {
        List<Bundle> found = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (name.equals(Long.toString(bundle.getBundleId()))
                    || name.equals(bundle.getSymbolicName())) {
                found.add(bundle);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("bundle=" + name + ": there is none; see felix:lb");
        }
        Scope.print(found.stream().map(this::why).collect(Collectors.joining("\n")));
    }

    private String why(Bundle bundle) {
        if (bundle.getState() == Bundle.INSTALLED) {
            return whyUnresolved(bundle);
        }
        String name = "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion();
        if (bundle.getState() == Bundle.RESOLVED) {
            return name + " is not started; 'felix:start " + bundle.getBundleId() + "' starts it";
        }
        String about = "(bundle " + bundle.getSymbolicName() + " " + bundle.getBundleId() + ")";
        List<String> problems =
                diagnostics.problems().stream()
                        .filter(
                                line ->
                                        line.contains(about)
                                                || line.startsWith(
                                                        "bundle " + bundle.getSymbolicName() + " "))
                        .toList();
        return problems.isEmpty()
                ? name + " runs, and all its components that are wanted are active"
                : String.join("\n", problems);
    }

    private String whyUnresolved(Bundle bundle) {
        Function<Bundle, String> present = unresolved;
        return present == null
                ? "bundle " + bundle.getSymbolicName() + " is not resolved"
                : present.apply(bundle);
    }

    @Descriptor("restarts all bundles that use old classes of an updated bundle")
    public void refresh() {
        Collection<Bundle> pending = wiring.getRemovalPendingBundles();
        if (pending.isEmpty()) {
            Scope.print("No bundle uses old classes.");
            return;
        }
        String restarted =
                wiring.getDependencyClosure(pending).stream()
                        .map(Bundle::getSymbolicName)
                        .sorted()
                        .collect(Collectors.joining(", "));
        Scope.print("Restarting " + restarted);
        wiring.refreshBundles(null);
    }
}
