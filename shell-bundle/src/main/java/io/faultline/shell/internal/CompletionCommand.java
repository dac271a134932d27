package io.faultline.shell.internal;

import io.faultline.fault.FaultKind;
import io.faultline.platform.HandlerControl;
import io.faultline.platform.Platform;
import io.faultline.platform.UnitView;
import java.util.Arrays;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What the arguments of the other commands can be; {@code etc/gosh_profile} asks for it. */
@Component(service = CompletionCommand.class)
@GogoCommand(scope = Scope.NAME, function = "words")
public final class CompletionCommand {
    private final BundleContext context;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Platform platform;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile HandlerControl handlers;

    /** Called by DS. */
    @Activate
    public CompletionCommand(BundleContext context) {
        this.context = context;
    }

    @Descriptor("lists what an argument can be, for completion")
    public List<String> words(@Descriptor("bundles, kinds, out or units") String what) {
        Platform present = platform;
        return switch (what) {
            case "bundles" ->
                    Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName).toList();
            case "kinds" -> Arrays.stream(FaultKind.values()).map(FaultKind::word).toList();
            case "out" -> out();
            case "units" ->
                    present == null
                            ? List.of()
                            : present.units().stream().map(UnitView::name).toList();
            default ->
                    throw new IllegalArgumentException(
                            "what=" + what + ": allowed are bundles, kinds, out and units");
        };
    }

    private List<String> out() {
        HandlerControl present = handlers;
        return present == null
                ? List.of()
                : present.out().stream().map(HandlerControl.Out::name).toList();
    }
}
