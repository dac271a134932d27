package io.faultline.shell.internal;

import io.faultline.fault.FaultKind;
import io.faultline.platform.Platform;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The commands that show what goes on inside: text for people, which can be piped ({@code units |
 * grep smmu}).
 */
@Component(service = PlatformCommands.class)
@GogoCommand(
        scope = Scope.NAME,
        function = {"chain", "decoders", "devices", "faults", "settings", "units"})
public final class PlatformCommands {
    private static final int FAULTS = 20;
    private static final int MOST_FAULTS = 10_000;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Platform platform;

    /** Called by DS, which sets the reference. */
    @Activate
    public PlatformCommands() {}

    PlatformCommands(Platform platform) {
        this.platform = platform;
    }

    @Descriptor("shows the chain of handlers for each kind of fault")
    public void chain() {
        show(PlatformText::chains);
    }

    @Descriptor("shows who is offered faults of a kind, in this order")
    public void chain(
            @Descriptor("unrecoverable, page_request, hint or page_request_stop") String kind) {
        chain(kind, null);
    }

    @Descriptor("shows who is offered a unit's faults of a kind")
    public void chain(
            @Descriptor("unrecoverable, page_request, hint or page_request_stop") String kind,
            @Descriptor("the unit's name") String unit) {
        show(text -> text.chain(kind(kind), unit, -1));
    }

    @Descriptor("shows who is offered a device's faults of a kind")
    public void chain(
            @Descriptor("unrecoverable, page_request, hint or page_request_stop") String kind,
            @Descriptor("the unit's name") String unit,
            @Descriptor("256, 0x100 or 01:00.0") String device) {
        show(text -> text.chain(kind(kind), unit, Integer.toUnsignedLong(Cells.device(device))));
    }

    private static FaultKind kind(String word) {
        return FaultKind.of(word)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "kind=" + word + ": allowed are " + kinds()));
    }

    private static String kinds() {
        return Arrays.stream(FaultKind.values())
                .map(FaultKind::word)
                .collect(Collectors.joining(", "));
    }

    @Descriptor("shows the last 20 faults and what became of them")
    public void faults() {
        faults(FAULTS);
    }

    @Descriptor("shows the last faults and what became of them")
    public void faults(@Descriptor("how many at most") int limit) {
        if (limit < 1 || limit > MOST_FAULTS) {
            throw new IllegalArgumentException(
                    "limit=" + limit + ": allowed are 1 to " + MOST_FAULTS);
        }
        show(text -> text.faults(limit));
    }

    @Descriptor("shows all units and logs with their queues")
    public void units() {
        show(PlatformText::units);
    }

    @Descriptor("shows a unit's counters and how they add up")
    public void units(@Descriptor("the unit's name") String unit) {
        show(text -> text.unit(unit));
    }

    @Descriptor("shows the devices of a unit with their counters")
    public void devices(@Descriptor("the unit's name") String unit) {
        show(text -> text.devices(unit));
    }

    @Descriptor("shows which decoders and encoders are installed, and by which bundle")
    public void decoders() {
        show(PlatformText::decoders);
    }

    @Descriptor("shows the platform's settings")
    public void settings() {
        show(PlatformText::settings);
    }

    private void show(Function<PlatformText, String> what) {
        Platform present = platform;
        Scope.print(present == null ? Scope.NO_PLATFORM : what.apply(new PlatformText(present)));
    }
}
