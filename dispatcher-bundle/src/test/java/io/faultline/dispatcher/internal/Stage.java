package io.faultline.dispatcher.internal;

import io.faultline.platform.Counts;
import io.faultline.platform.HandlerView;
import io.faultline.platform.UnitView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A stepped dispatcher with one fake unit, for tests. Time moves by hand. */
final class Stage {
    static final String[] ALL = {"unrecoverable", "page_request", "hint", "page_request_stop"};
    private static final long MILLI = 1_000_000;

    final List<String> messages = new ArrayList<>();
    final FakeUnit unit = new FakeUnit("unit0", 1024);
    final Dispatcher dispatcher;
    final long decoder;
    private final Map<Long, FakeHandler> handlers = new HashMap<>();
    private long nanos = 1_000 * MILLI;
    private long nextId = 1;

    Stage() {
        dispatcher = Dispatcher.stepped(Settings.DEFAULTS, () -> nanos, messages::add);
        decoder = decoder();
        encoder();
        dispatcher.addUnit(unit, Source.named("unit0", 999));
    }

    long decoder() {
        long id = nextId++;
        dispatcher.addDecoder(
                new FakeUnit.Decoder(), Source.named("decoder", id), FakeUnit.DECODER_PROPERTIES);
        return id;
    }

    long encoder() {
        long id = nextId++;
        dispatcher.addEncoder(
                new FakeUnit.Encoder(), Source.named("encoder", id), FakeUnit.ENCODER_PROPERTIES);
        return id;
    }

    /** Adds a handler of all kinds. */
    FakeHandler handler(String name, int ranking) {
        return handler(name, FakeHandler.properties(ranking, ALL));
    }

    FakeHandler handler(String name, Map<String, Object> properties) {
        FakeHandler handler = new FakeHandler(name);
        long id = nextId++;
        handlers.put(id, handler);
        dispatcher.addHandler(handler, Source.named(name, id), properties);
        return handler;
    }

    void remove(FakeHandler handler) {
        dispatcher.removeHandler(id(handler));
    }

    long id(FakeHandler handler) {
        return handlers.entrySet().stream()
                .filter(e -> e.getValue() == handler)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    void set(String key, Object value) {
        dispatcher.configure(Map.of(key, value));
    }

    int step() {
        return dispatcher.step();
    }

    /** Moves time on, then steps. */
    int step(long millis) {
        moveOn(millis);
        return dispatcher.step();
    }

    void moveOn(long millis) {
        passNanos(millis * MILLI);
    }

    /** So much time passes, as in a slow call. */
    void passNanos(long passed) {
        nanos += passed;
    }

    Counts counts() {
        return view().counts();
    }

    UnitView view() {
        return dispatcher.platform().units().get(0);
    }

    List<String> chain() {
        return dispatcher.platform().handlers().stream().map(HandlerView::name).toList();
    }
}
