package io.faultline.dispatcher.internal;

import io.faultline.fault.Response;
import io.faultline.platform.DeviceControl;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** Hands what is to be done with a device to the lanes of its unit, and adds up what came of it. */
final class Control implements DeviceControl {
    private static final Result NOTHING = new Result(0, 0, 0, 0);
    private static final int MOST_PASID = 0xf_ffff;
    private static final long MOST_LIMIT = 600_000;

    private final Dispatcher dispatcher;

    Control(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public CompletionStage<Result> flush(String unit, int requester, int pasid, long limitMillis) {
        if (pasid < ALL_PASIDS || pasid > MOST_PASID) {
            throw new IllegalArgumentException(
                    "pasid=" + pasid + ": allowed are 0 to 0xfffff, -1 (none) and -2 (all)");
        }
        if (limitMillis < 0 || limitMillis > MOST_LIMIT) {
            throw new IllegalArgumentException(
                    "limitMillis=" + limitMillis + ": allowed are 0 to " + MOST_LIMIT);
        }
        return end(unit, new Ending.Request(requester, pasid, false, limitMillis));
    }

    @Override
    public CompletionStage<Result> remove(String unit, int requester) {
        long limit = dispatcher.snapshot().settings().handlerLimitMillis();
        return end(unit, new Ending.Request(requester, ALL_PASIDS, true, limit));
    }

    private CompletionStage<Result> end(String unit, Ending.Request request) {
        return onLanes(unit, (lane, done) -> lane.end(request, done));
    }

    @Override
    public CompletionStage<Result> block(String unit, int requester) {
        return shut(unit, requester, Response.INVALID);
    }

    @Override
    public CompletionStage<Result> unblock(String unit, int requester) {
        return shut(unit, requester, null);
    }

    @Override
    public CompletionStage<Result> fail(String unit, int requester) {
        return shut(unit, requester, Response.FAILURE);
    }

    private CompletionStage<Result> shut(String unit, int requester, Response response) {
        return onLanes(
                unit,
                (lane, done) -> done.complete(new Result(lane.shut(requester, response), 0, 0, 0)));
    }

    /** Has something done on each lane of a unit; one that has ended has nothing to do. */
    private CompletionStage<Result> onLanes(
            String unit, BiConsumer<QueueLane, CompletableFuture<Result>> work) {
        CompletionStage<Result> all = CompletableFuture.completedStage(NOTHING);
        for (QueueLane lane : lanes(unit)) {
            CompletableFuture<Result> done = new CompletableFuture<>();
            lane.inbox().command(() -> work.accept(lane, done));
            if (lane.isEnded()) {
                done.complete(NOTHING);
            }
            all = all.thenCombine(done, Result::plus);
        }
        return all;
    }

    private List<QueueLane> lanes(String unit) {
        List<UnitState> units = dispatcher.units();
        return units.stream()
                .filter(state -> state.unit.name().equals(unit) && !state.observed)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "unit="
                                                + unit
                                                + ": allowed are "
                                                + units.stream()
                                                        .filter(state -> !state.observed)
                                                        .map(state -> state.unit.name())
                                                        .toList()))
                .lanes;
    }
}
