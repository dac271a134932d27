package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Failure;
import io.faultline.handler.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Offers a fault down its chain (R1 to R4): one call after the other, until a handler says HANDLED
 * or DEFERRED. Used by one thread of a lane; the result stands in its fields until the next offer.
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
    private final CallGuard guard;
    private final LaneContext context;

    /** What the fault waited as before; for who takes over. */
    private Waiting former;

    private Throwable thrown;

    /** The answer to the last group, unless it was deferred. */
    private Response response;

    /** What the handler took over with, if it did. */
    private Waiting deferral;

    Offers(Lane lane, CallGuard guard) {
        this.lane = lane;
        this.guard = guard;
        this.context = new LaneContext(lane, guard);
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
        long batch = lane.batchNumber();
        context.begin(fault, row, posts, before);
        former = before;
        for (int i = 0; i < posts.length; i++) {
            Post post = posts[i];
            if (!post.takes(fault) || isKnown(before, post)) {
                continue;
            }
            context.offer(i);
            post.batch = batch;
            Verdict verdict = call(post, fault);
            if (verdict == Verdict.PASSED && context.deferral() == null) {
                continue;
            }
            End end = settle(post, verdict, group);
            if (end != null) {
                if (end == End.DEFERRED) {
                    deferral.failures = context.failures();
                    remember(deferral, posts, i, before);
                }
                context.end();
                return end;
            }
        }
        if (group) {
            response = suggested();
        }
        boolean failed = !context.failures().isEmpty();
        context.end();
        return failed ? End.FAILED : End.UNHANDLED;
    }

    private static boolean isKnown(Waiting before, Post post) {
        return before != null && before.wasOfferedTo(post.entry.source.serviceId());
    }

    private Verdict call(Post post, Fault fault) {
        post.cells.increment(HandlerCells.OFFERED);
        Verdict verdict = null;
        long call = guard.begin();
        long begin = (call & (SAMPLE_EVERY - 1)) == 0 ? System.nanoTime() : 0;
        try {
            verdict = Calls.handle(post.handler, fault, context);
        } catch (Throwable e) {
            thrown = e;
        }
        guard.keep();
        if (begin != 0) {
            post.cells.add(HandlerCells.SAMPLED_NANOS, System.nanoTime() - begin);
            post.cells.increment(HandlerCells.SAMPLES);
        }
        if (post.shadows != null) {
            show(post, fault, verdict);
        }
        return verdict;
    }

    /** Shows shadows what the handler was called with, and what it said. */
    private void show(Post post, Fault fault, Verdict verdict) {
        Waiting taken = context.deferral();
        boolean open = verdict != null && verdict.kind() == Verdict.Kind.DEFERRED && taken != null;
        Verdict said = verdict == null ? Verdict.failed("threw, or returned null") : verdict;
        List<ShadowCase> cases = new ArrayList<>();
        for (Shadow shadow : post.shadows) {
            if (shadow.wants(Kinds.of(fault.kind()))) {
                ShadowCase shadowed =
                        shadow.show(
                                fault,
                                context.failures(),
                                open ? null : said,
                                lane.nanos(),
                                context.deadline());
                if (shadowed != null && open) {
                    cases.add(shadowed);
                }
            }
        }
        if (!cases.isEmpty()) {
            taken.cases = cases.toArray(ShadowCase[]::new);
        }
    }

    /** Lets go of handlers that may be gone. Between two offers. */
    void forget() {
        context.forget();
        former = null;
        deferral = null;
    }

    // --- a call that was given up (R14); by who takes over

    /** Who is offered the fault at present. */
    HandlerEntry offeredTo() {
        return context.post().entry;
    }

    /**
     * What is left to do: the fault, with those it was offered to, the last of which has failed.
     *
     * @param reason why
     */
    Waiting rest(String reason) {
        Post post = context.post();
        post.cells.increment(HandlerCells.FAILED);
        cancel(context.deferral());
        context.fail(failure(post, reason, null));
        Waiting rest = context.waiting(former == null || former.first);
        rest.failures = context.failures();
        remember(rest, context.way(), context.at(), former);
        return rest;
    }

    /** What a verdict other than a plain PASSED comes to: null if the next handler is asked. */
    private End settle(Post post, Verdict verdict, boolean group) {
        Waiting taken = context.deferral();
        if (verdict == null) {
            fail(post, failure(post, thrown == null ? "returned null" : describe(thrown), null));
            if (thrown != null) {
                lane.countThrows(post, post.throwsInARow());
                thrown = null;
            }
        } else {
            switch (verdict.kind()) {
                case HANDLED -> {
                    if (group == (verdict.response() != null)) {
                        cancel(taken);
                        post.cells.increment(HandlerCells.HANDLED);
                        if (group) {
                            response = verdict.response();
                        }
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
                case PASSED -> {
                    // it had begun to take over, and does not
                }
            }
        }
        cancel(taken);
        context.dropDeferral();
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
    private static void remember(Waiting by, Post[] posts, int at, Waiting before) {
        if (before != null) {
            for (int i = 0; i < before.offeredCount; i++) {
                by.offeredTo(before.offered[i]);
            }
        }
        for (int i = 0; i <= at; i++) {
            long id = posts[i].entry.source.serviceId();
            if (posts[i].fits(by.fault) && !by.wasOfferedTo(id)) {
                by.offeredTo(id);
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
