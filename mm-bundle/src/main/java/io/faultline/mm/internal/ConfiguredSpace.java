package io.faultline.mm.internal;

import io.faultline.mm.Area;
import io.faultline.mm.ManagedSpace;
import io.faultline.mm.ModelledSpace;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceControl;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps one space as its configuration says. Not for several threads: DS calls one at a time. */
final class ConfiguredSpace {
    private final SpaceControl control;
    private final Consumer<String> log;
    private final ManagedSpace space;
    private SpaceSettings settings;

    /**
     * Binds a new space, and fills it if it is modelled; if that fails, the space is taken down.
     *
     * @param log takes a sentence about what was not done
     */
    ConfiguredSpace(
            SpaceControl control,
            ManagedSpace space,
            SpaceSettings settings,
            Consumer<String> log) {
        this.control = control;
        this.log = log;
        this.space = space;
        this.settings = settings;
        try {
            if (space instanceof ModelledSpace modelled) {
                settings.areas().forEach(modelled::add);
                modelled.script(settings.scripts());
            }
            settings.bindings().forEach(binding -> control.bind(space.name(), binding));
        } catch (IllegalArgumentException e) {
            close();
            throw e;
        }
    }

    /** Changes what can be changed; what is refused is logged, and stays. */
    void configure(SpaceSettings changed) {
        refuseWhatStays(changed);
        if (space instanceof ModelledSpace modelled) {
            changeAreas(modelled, changed.areas());
            attempt(() -> modelled.script(changed.scripts()));
        }
        List<SpaceBinding> present = space.bindings();
        settings.bindings().stream()
                .filter(b -> !changed.bindings().contains(b) && present.contains(b))
                .forEach(b -> attempt(() -> control.unbind(space.name(), b)));
        changed.bindings().stream()
                .filter(b -> !present.contains(b))
                .forEach(b -> attempt(() -> control.bind(space.name(), b)));
        settings = changed;
    }

    private void refuseWhatStays(SpaceSettings changed) {
        boolean mapped = !(space instanceof ModelledSpace);
        boolean stays =
                !changed.name().equals(space.name())
                        || !changed.options().equals(settings.options())
                        || !changed.file().equals(settings.file())
                        || changed.writable() != settings.writable()
                        || (mapped && !changed.areas().equals(settings.areas()));
        if (stays) {
            log.accept(
                    "mm: "
                            + space.name()
                            + ": name, file, writable, the areas of a file and limits are fixed once"
                            + " a space is made, and stay: delete the configuration and make a new"
                            + " one");
        }
    }

    /** Areas that stay keep their pages. */
    private void changeAreas(ModelledSpace modelled, List<Area> changed) {
        List<Area> present = new ArrayList<>(modelled.areas());
        for (Area area : settings.areas()) {
            if (!changed.contains(area) && present.remove(area)) {
                modelled.remove(area.start());
            }
        }
        changed.stream()
                .filter(area -> !present.contains(area))
                .forEach(area -> attempt(() -> modelled.add(area)));
    }

    private void attempt(Runnable change) {
        try {
            change.run();
        } catch (IllegalArgumentException e) {
            log.accept("mm: " + space.name() + ": " + e.getMessage() + "; what was there stays");
        }
    }

    /** Takes the space down, unless somebody has done so. */
    void close() {
        if (control.space(space.name()) == space) {
            attempt(() -> control.destroy(space.name()));
        }
    }
}
