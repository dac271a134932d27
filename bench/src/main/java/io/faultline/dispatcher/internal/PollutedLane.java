package io.faultline.dispatcher.internal;

import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.Decodes;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Taps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A lane as it ships (chain, counters, device rows, last faults) around a unit that always has
 * records, stepped by the benchmark's thread. Its code has run with eight classes of handlers, as
 * in a real platform.
 */
final class PollutedLane {
    private static final int FIRST_ID = 100;
    private static final int POLLUTING_ROUNDS = 200;

    final Dispatcher dispatcher;
    final EndlessUnit unit;
    final Lane lane;
    private final RecordKind kind;
    private int handlers;

    PollutedLane(String name, RecordKind kind) {
        this.kind = kind;
        dispatcher =
                Dispatcher.stepped(
                        Settings.DEFAULTS,
                        System::nanoTime,
                        message -> {
                            throw new IllegalStateException(message);
                        });
        dispatcher.addDecoder(
                kind.decoder,
                Source.named("decoder", 1),
                Map.of(Decodes.ARCH, kind.arch, Decodes.QUEUE, kind.queue));
        if (kind.encoder != null) {
            dispatcher.addEncoder(
                    kind.encoder, Source.named("encoder", 2), Map.of(Decodes.ARCH, kind.arch));
        }
        unit = new EndlessUnit(name, kind);
        dispatcher.addUnit(unit, Source.named("unit", 3));
        lane = dispatcher.lanes().get(0);
        to(Counting.chain(Counting.CLASSES, kind.handled()));
        for (int i = 0; i < POLLUTING_ROUNDS; i++) {
            round();
        }
    }

    /** Lets the lane do {@link EndlessUnit#BATCH} records. */
    long round() {
        return unit.round(lane);
    }

    /** Offers faults to these, in this order, instead of the present ones. */
    void to(List<? extends FaultHandler> chain) {
        for (; handlers > 0; handlers--) {
            dispatcher.removeHandler(FIRST_ID + handlers - 1);
        }
        for (FaultHandler handler : chain) {
            Map<String, Object> properties = new HashMap<>();
            properties.put(Handles.KINDS, kind.kind());
            properties.put("service.ranking", -handlers);
            long id = FIRST_ID + (long) handlers++;
            dispatcher.addHandler(handler, Source.named("handler" + id, id), properties);
        }
    }

    /**
     * Gives each of some devices, which have no faults, a handler of its own: a table of ranges.
     */
    void otherDevices(int count) {
        for (int i = 0; i < count; i++) {
            long id = 10_000L + i;
            dispatcher.addHandler(
                    (fault, context) -> Verdict.PASSED,
                    Source.named("other" + id, id),
                    Map.of(
                            Handles.KINDS,
                            kind.kind(),
                            Handles.REQUESTERS,
                            Integer.toString(0x1000 + 2 * i)));
        }
    }

    /** Offers faults to three handlers that keep nothing, so that lanes share nothing by them. */
    void toStateless() {
        to(
                List.<FaultHandler>of(
                        (fault, context) -> fault.iova() == 1 ? Verdict.HANDLED : Verdict.PASSED,
                        (fault, context) -> fault.code() == 1 ? Verdict.HANDLED : Verdict.PASSED,
                        (fault, context) ->
                                fault.requester() == 1 ? Verdict.PASSED : Verdict.HANDLED));
    }

    /** Adds a tap, which in a stepped dispatcher has no thread of its own, and gives it one. */
    void addTap(FaultTap tap, long id, int capacity) {
        Source source = Source.named("tap" + id, id);
        dispatcher.addTap(tap, source, Map.of(Taps.KINDS, kind.kind(), Taps.CAPACITY, capacity));
        for (TapEntry entry : dispatcher.snapshot().taps()) {
            if (entry.source.equals(source)) {
                entry.start();
            }
        }
    }
}
