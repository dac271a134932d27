package io.faultline.shell.internal;

import io.faultline.platform.HandlerControl;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The commands that do something with handlers. */
@Component(service = HandlerCommands.class)
@GogoCommand(
        scope = Scope.NAME,
        function = {"promote", "readmit", "shadow"})
public final class HandlerCommands {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile HandlerControl control;

    /** Called by DS, which sets the reference. */
    @Activate
    public HandlerCommands() {}

    HandlerCommands(HandlerControl control) {
        this.control = control;
    }

    @Descriptor("shows who was taken out because it threw or blocked")
    public void readmit() {
        HandlerControl present = control;
        if (present == null) {
            Scope.print(Scope.NO_PLATFORM);
            return;
        }
        List<HandlerControl.Out> out = present.out();
        if (out.isEmpty()) {
            Scope.print("Nobody was taken out.");
            return;
        }
        Table table = new Table("out", "bundle", "why");
        out.forEach(
                o -> table.row(o.name(), PlatformText.bundle(o.bundle(), o.bundleId()), o.why()));
        Scope.print(table.toString());
    }

    @Descriptor("lets somebody back in who was taken out because it threw or blocked")
    public void readmit(@Descriptor("the name, as faultline:readmit shows it") String name) {
        HandlerControl present = control;
        if (present == null) {
            Scope.print(Scope.NO_PLATFORM);
        } else if (present.readmit(name)) {
            Scope.print(name + " is called again");
        } else {
            Scope.print(name + " is called again once the call returns that was given up");
        }
    }

    @Descriptor("shows how far shadows agree with the handlers that they shadow")
    public void shadow() {
        HandlerControl present = control;
        if (present == null) {
            Scope.print(Scope.NO_PLATFORM);
            return;
        }
        List<HandlerControl.ShadowView> shadows = present.shadows();
        if (shadows.isEmpty()) {
            Scope.print("There is no shadow.");
            return;
        }
        Table table =
                new Table(
                        "shadow",
                        "of",
                        "state",
                        ">shown",
                        ">agreed",
                        ">disagreed",
                        ">open",
                        ">lost");
        StringBuilder examples = new StringBuilder();
        for (HandlerControl.ShadowView s : shadows) {
            table.row(
                    s.name(),
                    s.of(),
                    s.state(),
                    Cells.count(s.shown()),
                    Cells.count(s.agreed()),
                    Cells.count(s.disagreed()),
                    Cells.count(s.open()),
                    Cells.count(s.lost()));
            s.examples()
                    .forEach(e -> examples.append("\n").append(s.name()).append(": ").append(e));
        }
        Scope.print(table + (examples.isEmpty() ? "" : "\n") + examples);
    }

    @Descriptor("puts a shadow in the place of the handler that it shadows")
    public void promote(@Descriptor("the shadow's name") String name) {
        HandlerControl present = control;
        if (present == null) {
            Scope.print(Scope.NO_PLATFORM);
        } else {
            present.promote(name);
            Scope.print(name + " is in its handler's place; 'faultline:readmit' puts that back in");
        }
    }
}
