package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Failure;
import io.faultline.handler.Verdict;

/**
 * Offers a fault down its chain (R1 to R4): one call after the other, until a handler says HANDLED
 * or DEFERRED. Used by one lane; the result stands in its fields until the next offer.
 */
final class Offers {
    /** How a way down the chain ends. */
    enum End {
        HANDLED,
        DEFERRED,
        /** At the end of the chain, at least one handler having failed. */
        FAILED,
        /** At the end of the chain, nobody having wanted it. */
        UNHANDLED
    }

    /** Every so many calls one is timed: a clock read costs as much as several handlers. */
    private static final int SAMPLE_EVERY = 1024;

    private final Lane lane;
    private final LaneContext context;
    private int calls;
    private Throwable thrown;

    /** The answer to a group, unless it was deferred. */
    private Response response;

    /** What the handler took over with, if it did. */
    private Waiting deferral;

    Offers(Lane lane) {
        this.lane = lane;
        this.context = new LaneContext(lane);
    }

    Response response() {
        return response;
    }

    Waiting deferral() {
        return deferral;
    }

    /**
     * Offers a fault to those handlers that it has not been offered to.
     *
     * @param fault the fault
     * @param row its device
     * @param posts its chain
     * @param before what it waited as, if it is offered again; else null
     * @return how it ended; {@link #response()} and {@link #deferral()} say more
     */
    End offer(Fault fault, DeviceRow row, Post[] posts, Waiting before) {
        boolean group = fault instanceof PageRequestGroup && !fault.observed();
        context.begin(fault, row, lane.mayDefer(fault), before);
        for (int i = 0; i < posts.length; i++) {
            Post post = posts[i];
            if (!post.takes(fault) || isKnown(before, post)) {
                continue;
            }
            context.offer(post);
            Verdict verdict = call(post, fault);
            if (verdict == Verdict.PASSED && context.deferral() == null) {
                post.cells.increment(HandlerCells.PASSED);
                continue;
            }
            End end = settle(post, verdict, group);
            if (end != null) {
                if (end == End.DEFERRED) {
                    remember(posts, i, before);
                }
                context.end();
                return end;
            }
        }
        response = group ? suggested() : null;
        boolean failed = !context.failures().isEmpty();
        context.end();
        return failed ? End.FAILED : End.UNHANDLED;
    }

    private static boolean isKnown(Waiting before, Post post) {
        return before != null && before.wasOfferedTo(post.entry.source.serviceId());
    }

    private Verdict call(Post post, Fault fault) {
        post.batch = lane.batchNumber();
        post.cells.increment(HandlerCells.OFFERED);
        try {
            if ((++calls & (SAMPLE_EVERY - 1)) == 0) {
                return timed(post, fault);
            }
            return post.handler.handle(fault, context);
        } catch (Throwable e) {
            thrown = e;
            return null;
        }
    }

    private Verdict timed(Post post, Fault fault) throws Exception {
        long begin = System.nanoTime();
        Verdict verdict = post.handler.handle(fault, context);
        post.cells.add(HandlerCells.SAMPLED_NANOS, System.nanoTime() - begin);
        post.cells.increment(HandlerCells.SAMPLES);
        return verdict;
    }

    /** What a verdict other than a plain PASSED comes to: null if the next handler is asked. */
    private End settle(Post post, Verdict verdict, boolean group) {
        Waiting taken = context.deferral();
        if (verdict == null) {
            fail(post, failure(post, thrown == null ? "returned null" : describe(thrown), null));
            thrown = null;
        } else {
            switch (verdict.kind()) {
                case HANDLED -> {
                    if (group == (verdict.response() != null)) {
                        cancel(taken);
                        post.cells.increment(HandlerCells.HANDLED);
                        response = verdict.response();
                        return End.HANDLED;
                    }
                    fail(post, failure(post, illegal(verdict, group), null));
                }
                case DEFERRED -> {
                    if (taken != null) {
                        post.cells.increment(HandlerCells.DEFERRED);
                        deferral = taken;
                        return End.DEFERRED;
                    }
                    fail(post, failure(post, "said DEFERRED without defer()", null));
                }
                case FAILED -> fail(post, failure(post, verdict.reason(), verdict.response()));
                case PASSED -> post.cells.increment(HandlerCells.PASSED);
            }
        }
        cancel(taken);
        return null;
    }

    private static String illegal(Verdict verdict, boolean group) {
        return group
                ? "illegal verdict: HANDLED without a response for a page request group"
                : "illegal verdict: HANDLED with response " + verdict.response() + " for no group";
    }

    private static void cancel(Waiting taken) {
        if (taken != null) {
            taken.end();
        }
    }

    private void fail(Post post, Failure failure) {
        post.cells.increment(HandlerCells.FAILED);
        context.fail(failure);
    }

    private static Failure failure(Post post, String reason, Response suggested) {
        Source source = post.entry.source;
        return new Failure(source.name(), source.serviceId(), reason, suggested);
    }

    /** Name and message only: the throwable itself would pin its class loader (R4). */
    static String describe(Throwable thrown) {
        String message;
        try {
            message = thrown.getMessage();
        } catch (RuntimeException e) {
            message = "its message cannot be had";
        }
        return thrown.getClass().getName() + (message == null ? "" : ": " + message);
    }

    /** Notes who was offered the fault, so that a later offer passes them over. */
    private void remember(Post[] posts, int at, Waiting before) {
        deferral.failures = context.failures();
        if (before != null) {
            for (int i = 0; i < before.offeredCount; i++) {
                deferral.offeredTo(before.offered[i]);
            }
        }
        for (int i = 0; i <= at; i++) {
            long id = posts[i].entry.source.serviceId();
            if (posts[i].fits(deferral.fault) && !deferral.wasOfferedTo(id)) {
                deferral.offeredTo(id);
            }
        }
    }

    /** R3: the first failure's response; INVALID if it suggests none, or nobody failed. */
    private Response suggested() {
        if (context.failures().isEmpty()) {
            return Response.INVALID;
        }
        Response suggested = context.failures().get(0).suggested();
        return suggested == null ? Response.INVALID : suggested;
    }
}
