package io.faultline.mm.internal;

import io.faultline.mm.Area;
import io.faultline.mm.ManagedSpace;
import io.faultline.mm.ModelledSpace;
import io.faultline.mm.PageIn;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceControl;
import io.faultline.mm.SpaceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell command {@code faultline:spaces}. */
@Component(
        service = SpacesCommand.class,
        property = {"osgi.command.scope=faultline", "osgi.command.function=spaces"})
public final class SpacesCommand {
    private static final String USAGE =
            """
            spaces                                all spaces
            spaces areas NAME                     the areas of one
            spaces log NAME [N]                   its last page-ins
            spaces create NAME [blocking]         makes a modelled space
            spaces map NAME FILE [writable]       makes a space of a file
            spaces add NAME START-END rwxp        adds an area, in hex, as in /proc/PID/maps
            spaces load NAME FILE                 adds the areas of a file like /proc/PID/maps
            spaces bind NAME [unit=U] [requester=R] [pasid=P] [stage=1|2]
            spaces unbind NAME BINDING            as it was bound
            spaces script NAME [fail [N] [FIRST-LAST] RESULT | block [FIRST-LAST]]
            spaces destroy NAME                   takes a space down""";

    private final SpaceControl control;

    /** Called by DS. */
    @Activate
    public SpacesCommand(@Reference SpaceControl control) {
        this.control = control;
    }

    @Descriptor("shows all address spaces")
    public String spaces() {
        List<ManagedSpace> spaces = control.spaces();
        if (spaces.isEmpty()) {
            return "no address spaces; 'spaces help' says how to make one";
        }
        StringBuilder text = new StringBuilder();
        String row = "%-24s %6s %8s %10s %10s %10s %9s%n";
        text.append(
                row.formatted(
                        "space", "areas", "bindings", "calls", "resident", "failed", "table"));
        for (ManagedSpace space : spaces) {
            ManagedSpace.Counts counts = space.counts();
            long failed = counts.failures().values().stream().mapToLong(n -> n).sum();
            text.append(
                    row.formatted(
                            space.name(),
                            space.areas().size(),
                            space.bindings().size(),
                            counts.calls(),
                            counts.resident(),
                            failed,
                            counts.tableBytes()));
            for (SpaceBinding binding : space.bindings()) {
                text.append("    ").append(BindingText.of(binding)).append(System.lineSeparator());
            }
        }
        return text.toString().stripTrailing();
    }

    @Descriptor("makes, changes, shows and takes down address spaces; 'spaces help' says how")
    public String spaces(
            @Descriptor("areas, log, create, map, add, load, bind, unbind, script or destroy")
                    String action,
            @Descriptor("what it needs") String... arguments)
            throws IOException {
        if (action.equals("help")) {
            return USAGE;
        }
        if (arguments.length == 0) {
            throw new IllegalArgumentException(
                    action + ": which space? 'spaces help' shows how it goes");
        }
        String name = arguments[0];
        List<String> more = List.of(arguments).subList(1, arguments.length);
        return switch (action) {
            case "areas" -> areas(named(name));
            case "log" -> log(named(name), more);
            case "create" -> create(name, more);
            case "map" -> map(name, more);
            case "add" -> add(modelled(name), more);
            case "load" -> load(modelled(name), more);
            case "bind" -> bind(name, more);
            case "unbind" -> unbind(name, more);
            case "script" -> script(modelled(name), more);
            case "destroy" -> destroy(name);
            default ->
                    throw new IllegalArgumentException(
                            action + ": no such action; 'spaces help' shows them all");
        };
    }

    private ManagedSpace named(String name) {
        ManagedSpace space = control.space(name);
        if (space == null) {
            throw new IllegalArgumentException(
                    name + ": no such space; there are " + control.spaces());
        }
        return space;
    }

    private ModelledSpace modelled(String name) {
        if (named(name) instanceof ModelledSpace modelled) {
            return modelled;
        }
        throw new IllegalArgumentException(name + ": is a mapping of a file; its areas are fixed");
    }

    private static String areas(ManagedSpace space) {
        List<String> lines = new ArrayList<>();
        for (Area area : space.areas()) {
            String backing = area.backing().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            lines.add(MapsText.line(area) + "  # " + (area.isGuard() ? "guard" : backing));
        }
        return lines.isEmpty()
                ? space.name() + " has no areas"
                : String.join(System.lineSeparator(), lines);
    }

    private static String log(ManagedSpace space, List<String> more) {
        int limit = more.isEmpty() ? 20 : (int) Words.number("N", more.get(0));
        List<String> lines = new ArrayList<>();
        for (PageIn entry : space.log(limit)) {
            lines.add(
                    "%8d  0x%-16x %-8s %s"
                            .formatted(
                                    entry.number(),
                                    entry.address(),
                                    entry.access(),
                                    entry.kind()
                                            .name()
                                            .toLowerCase(Locale.ROOT)
                                            .replace('_', ' ')));
        }
        ManagedSpace.Counts counts = space.counts();
        lines.add(
                "%,d calls: %,d pages brought in, %,d made writable, %,d discarded; failures %s"
                        .formatted(
                                counts.calls(),
                                counts.broughtIn(),
                                counts.madeWritable(),
                                counts.discarded(),
                                counts.failures()));
        return String.join(System.lineSeparator(), lines);
    }

    private String create(String name, List<String> more) {
        boolean blocks = more.contains("blocking");
        if (more.size() > (blocks ? 1 : 0)) {
            throw new IllegalArgumentException(more + ": allowed is blocking");
        }
        control.createModelled(name, SpaceOptions.DEFAULTS.withMayBlock(blocks));
        return name + ": made; it has no areas and is bound to nobody yet";
    }

    private String map(String name, List<String> more) throws IOException {
        if (more.isEmpty()) {
            throw new IllegalArgumentException("map: which file?");
        }
        ManagedSpace space =
                control.createMapped(
                        name,
                        Path.of(more.get(0)),
                        more.contains("writable"),
                        List.of(),
                        SpaceOptions.DEFAULTS);
        return areas(space);
    }

    private static String add(ModelledSpace space, List<String> more) {
        space.load(String.join(" ", more));
        return areas(space);
    }

    private static String load(ModelledSpace space, List<String> more) {
        if (more.size() != 1) {
            throw new IllegalArgumentException("load: which file?");
        }
        int count = space.load(SpaceSettings.read(Path.of(more.get(0))));
        return space.name() + ": " + count + " areas more";
    }

    private String bind(String name, List<String> more) {
        SpaceBinding binding = BindingText.parse(String.join(" ", more));
        control.bind(name, binding);
        return name + ": " + BindingText.of(binding);
    }

    private String unbind(String name, List<String> more) {
        SpaceBinding binding = BindingText.parse(String.join(" ", more));
        return control.unbind(name, binding)
                ? name + ": unbound; no call is inside"
                : name + ": unbound, but a call is still inside and was given up";
    }

    private static String script(ModelledSpace space, List<String> more) {
        if (more.isEmpty()) {
            space.script(List.of());
            return space.name() + ": nothing goes wrong any more";
        }
        space.script(List.of(ScriptText.parse(String.join(" ", more))));
        return space.name() + ": " + String.join(" ", more);
    }

    private String destroy(String name) {
        return control.destroy(name)
                ? name + ": taken down"
                : name + ": taken down, but a call is still inside and was given up";
    }
}
