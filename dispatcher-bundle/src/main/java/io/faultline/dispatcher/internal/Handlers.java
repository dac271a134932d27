package io.faultline.dispatcher.internal;

import io.faultline.platform.HandlerControl;
import java.util.List;

/** What an operator does with handlers, by name. */
final class Handlers implements HandlerControl {
    private final Dispatcher dispatcher;

    Handlers(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public List<Out> out() {
        long now = dispatcher.ticker().nanos();
        return dispatcher.plugins().stream()
                .filter(plugin -> plugin.standing().isClosed())
                .map(plugin -> out(plugin, now))
                .toList();
    }

    private static Out out(GivenUpCall.Called plugin, long now) {
        Source source = plugin.source();
        return new Out(
                source.name(),
                source.serviceId(),
                source.bundle(),
                source.bundleId(),
                plugin.standing().whyOut(now));
    }

    @Override
    public boolean readmit(String name) {
        List<GivenUpCall.Called> out =
                dispatcher.plugins().stream().filter(p -> p.standing().isClosed()).toList();
        List<GivenUpCall.Called> named =
                out.stream().filter(plugin -> plugin.source().isNamed(name)).toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException(
                    "name="
                            + name
                            + (out.isEmpty()
                                    ? ": nobody was taken out"
                                    : ": those that were taken out are "
                                            + out.stream().map(p -> p.source().name()).toList()));
        }
        boolean all = true;
        for (GivenUpCall.Called plugin : named) {
            all &= dispatcher.readmit(plugin);
        }
        return all;
    }

    @Override
    public List<ShadowView> shadows() {
        return dispatcher.shadows().stream().map(this::view).toList();
    }

    private ShadowView view(Shadow shadow) {
        Source source = shadow.entry.source;
        boolean there =
                dispatcher.handlers().stream().anyMatch(e -> e.source.name().equals(shadow.of));
        long shown = shadow.shown();
        long agreed = shadow.agreed();
        long disagreed = shadow.disagreed();
        String state = there ? "active" : "there is no handler " + shadow.of;
        return new ShadowView(
                source.name(),
                source.serviceId(),
                shadow.of,
                shadow.out() == null ? state : "out: " + shadow.out(),
                shown,
                agreed,
                disagreed,
                Math.max(0, shown - agreed - disagreed),
                shadow.lost(),
                shadow.examples());
    }

    @Override
    public void promote(String name) {
        List<Shadow> all = dispatcher.shadows();
        dispatcher.promote(
                all.stream()
                        .filter(shadow -> shadow.entry.source.isNamed(name))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "name="
                                                        + name
                                                        + ": the shadows are "
                                                        + all.stream()
                                                                .map(s -> s.entry.source.name())
                                                                .toList())));
    }
}
