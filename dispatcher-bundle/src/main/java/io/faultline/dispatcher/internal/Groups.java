package io.faultline.dispatcher.internal;

import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Failure;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.hardware.HardwareUnit;
import io.faultline.platform.DeviceControl;
import io.faultline.queue.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The page request groups of one queue, from their first request to their one end (R7, R8). Only
 * its lane uses it; other threads speak to it through the lane's {@link Inbox}.
 *
 * <p>A group's life: its requests are partial until the last one came; complete, it is outstanding
 * and offered; then its answer is decided at once, or it waits ({@link Waiting}) for the handler
 * that took it over. Decided answers leave with the next {@link #flush()}, after the batch's slots
 * are given back.
 */
final class Groups {
    /** The first delay of a stall over its bound; doubled each time, up to 2^8 times. */
    private static final long FIRST_HOLD_NANOS = 1_000_000;

    private static final int MOST_HOLDS = 8;

    /** How long a handler has to let go, beyond its limit: as a remover waits (R6). */
    private static final int LET_GO_MILLIS = 500;

    /** Deferrals remembered until handlers let go; beyond it the oldest counts as given up. */
    private static final int MOST_HELD = 65_536;

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private final QueueLane lane;
    private final UnitState unit;
    private final DeviceRows rows;
    private final PartialGroups partial = new PartialGroups();
    private final Outstanding outstanding = new Outstanding();
    private final DueQueue due = new DueQueue();
    private final Answers answers;

    /**
     * Deferrals that the platform ended and whose handlers may still be at work, the oldest first
     * (R9).
     */
    private final ArrayDeque<Waiting> held = new ArrayDeque<>();

    /**
     * Conclusions that were taken from the inbox: not on the stack, so that another thread can
     * carry on (R14).
     */
    private Waiting concluded;

    /**
     * What is to be offered again, in order. Until its turn comes it waits like all others: it can
     * expire, be withdrawn, be drained.
     */
    private final ArrayDeque<Waiting> again = new ArrayDeque<>();

    /** Stalls held back; their bound is the unit's. */
    private int heldBack;

    Groups(QueueLane lane, UnitState unit, DeviceRows rows) {
        this.lane = lane;
        this.unit = unit;
        this.rows = rows;
        this.answers = new Answers(lane, unit, outstanding, due, this::isOver);
    }

    void changed(Snapshot snapshot) {
        answers.changed(snapshot);
    }

    // --- partial groups

    /**
     * A request that is not the last of its group. Over a bound it is dropped and counted (R8,
     * R17).
     */
    void addPartial(DeviceRow row, int attributes, int requester, int pasid, int index, long iova) {
        int limit = lane.settings().partialLimitDevice();
        int places = lane.settings().pendingLimitUnit();
        lane.seen(row);
        if (row.partial >= limit
                || partial.members() >= places
                || (lane.othersSeen(row) && row.partial >= lane.share(places))) {
            row.tally.increment(Count.DROPPED);
            return;
        }
        partial.add(row, attributes, requester, pasid, index, iova, lane.nanos());
        row.tally.increment(Count.PARTIAL);
    }

    /** The last request of a group: all its requests, or null if it is the only one. */
    long[] completePartial(
            DeviceRow row, int attributes, int requester, int pasid, int index, long iova) {
        if (partial.isEmpty()) {
            return null;
        }
        long[] requests = partial.complete(row, attributes, requester, pasid, index);
        if (requests != null) {
            requests[requests.length - 2] = iova;
            requests[requests.length - 1] = attributes & FaultBits.ACCESS_MASK;
            row.tally.add(Count.PARTIAL, 1 - requests.length / 2);
        }
        return requests;
    }

    /**
     * A stop marker: what is partial of that PASID gets no answer, what is complete still does, and
     * its indices are free for a new life (R9).
     */
    void endLife(DeviceRow row, int requester, int pasid) {
        if (!partial.isEmpty()) {
            discardPartial(requester, pasid);
        }
        outstanding.endLife(requester, pasid);
    }

    /**
     * What is partial of a device and PASID gets no answer.
     *
     * @param pasid a PASID, none, or {@link DeviceControl#ALL_PASIDS}
     * @return how many requests that were
     */
    int discardPartial(int requester, int pasid) {
        int before = partial.members();
        partial.discard(
                group -> Ending.concerns(requester, pasid, group.requester, group.pasid),
                Groups::discarded);
        return before - partial.members();
    }

    /**
     * One group whose last request was malformed: it is answered for the device's sake, not
     * offered.
     */
    void discardPartial(DeviceRow row, int attributes, int requester, int pasid, int index) {
        discarded(row, partial.discard(row, attributes, requester, pasid, index));
    }

    /** The hardware queue overflowed: hardware answered the last requests that it lost (R9). */
    void discardPartial() {
        partial.discard(group -> true, Groups::discarded);
    }

    private static void discarded(PartialGroups.Partial group) {
        discarded(group.row, group.size);
    }

    private static void discarded(DeviceRow row, int requests) {
        row.tally.add(Count.DISCARDED, requests);
        row.tally.add(Count.PARTIAL, -requests);
    }

    // --- a complete group

    boolean isOutstanding(PageRequestGroup group) {
        return outstanding.find(group) != null;
    }

    /**
     * A group is complete: it is offered, unless a bound says otherwise.
     *
     * @param refused its last request was malformed: it is answered INVALID, nobody is asked
     */
    void complete(PageRequestGroup group, DeviceRow row, boolean refused) {
        PageRequestGroup older = outstanding.enter(group);
        if (older != null) {
            withdraw(older, "its key came again unanswered");
            outstanding.enter(group);
        }
        if (refused) {
            answers.decide(group, Response.INVALID, row);
            return;
        }
        row.tally.increment(Count.COMPLETED);
        if (row.shut != null) {
            answerUnasked(group, row, Count.SHED, group.stalled() ? Response.INVALID : row.shut);
            return;
        }
        Response leaving = lane.leavesWith();
        if (leaving != null) {
            answerUnasked(group, row, Count.DRAINED, leaving);
            return;
        }
        if (isOver(row, group)) {
            shed(group, row);
            return;
        }
        if (isOfferingAgain()) {
            offerLater(group, row);
            return;
        }
        offered(group, row, lane.offer(group, Kinds.PAGE_REQUEST, row, null));
    }

    /** What a handler left to its successor comes before what is new. */
    private void offerLater(PageRequestGroup group, DeviceRow row) {
        long deadline = deadlineFor(group);
        Waiting waiting =
                new Waiting(
                        group,
                        row,
                        Waiting.Cause.DEFERRED,
                        deadline,
                        deadline,
                        null,
                        null,
                        lane.inbox());
        defer(waiting);
        offerAgainLater(waiting);
        lane.show(group, Kinds.PAGE_REQUEST, row, Outcome.DEFERRED);
    }

    /** A complete group has gone down its chain. */
    void offered(PageRequestGroup group, DeviceRow row, Offers.End end) {
        settle(group, row, end);
        lane.show(group, Kinds.PAGE_REQUEST, row, outcome(end));
    }

    /** Nobody is asked about this device (DeviceControl), or its unit leaves. */
    private void answerUnasked(
            PageRequestGroup group, DeviceRow row, int count, Response response) {
        row.tally.increment(count);
        answers.decide(group, response, row);
        lane.show(group, Kinds.PAGE_REQUEST, row, Outcome.SHED);
    }

    private static Outcome outcome(Offers.End end) {
        return switch (end) {
            case HANDLED -> Outcome.HANDLED;
            case DEFERRED -> Outcome.DEFERRED;
            case FAILED -> Outcome.FAILED;
            case UNHANDLED -> Outcome.UNHANDLED;
        };
    }

    /** What a way down the chain came to, for a group or a hint. */
    private void settle(Fault fault, DeviceRow row, Offers.End end) {
        settle(fault, row, end, null);
    }

    private void settle(Fault fault, DeviceRow row, Offers.End end, Waiting before) {
        if (end == Offers.End.DEFERRED) {
            defer(lane.offers().deferral());
            return;
        }
        row.tally.increment(
                switch (end) {
                    case HANDLED -> Count.HANDLED;
                    case FAILED -> Count.FAILED;
                    default -> Count.UNHANDLED;
                });
        if (fault instanceof PageRequestGroup group) {
            if (end == Offers.End.HANDLED) {
                row.stallHolds = 0;
                refill(row, 1);
            }
            decide(group, lane.offers().response(), row, before);
        }
    }

    /** Decides the answer to a group that may have waited before. */
    private void decide(PageRequestGroup group, Response response, DeviceRow row, Waiting before) {
        if (before == null) {
            answers.decide(group, response, row);
        } else {
            answers.decide(group, response, row, before.deadlineNanos);
        }
    }

    /** A handler has taken a group or hint over. */
    void defer(Waiting waiting) {
        waiting.armed = true;
        if (waiting.fault instanceof PageRequestGroup group) {
            outstanding.waits(group, waiting);
        }
        wait(waiting);
    }

    private void wait(Waiting waiting) {
        due.add(waiting);
        waiting.row.tally.increment(Count.PENDING);
        unit.count(waiting, 1);
    }

    private void waitNoMore(Waiting waiting) {
        due.remove(waiting);
        waiting.row.tally.add(Count.PENDING, -1);
        unit.count(waiting, -1);
        if (waiting.cause == Waiting.Cause.HELD_BACK) {
            heldBack--;
        }
    }

    // --- bounds (R8, R17)

    /** Whether a device, or its unit, has as many groups waiting as it may. */
    boolean isOver(DeviceRow row, Fault fault) {
        if (row.waiting == 0 && unit.waiting.get() == 0) {
            return false;
        }
        if (fault instanceof PageRequestGroup group && group.stalled()) {
            int most = unit.hardware.stallLimit();
            if (most != HardwareUnit.UNKNOWN_LIMIT) {
                return unit.waitingStalls.get() >= most;
            }
        } else if (fault instanceof PageRequestGroup && row.requester >= 0) {
            int most = unit.hardware.pageRequestLimit(row.allocation.function);
            if (most != HardwareUnit.UNKNOWN_LIMIT) {
                return row.allocation.waiting >= most;
            }
        }
        Settings settings = lane.settings();
        int places = settings.pendingLimitUnit();
        return row.waiting >= settings.pendingLimitDevice()
                || unit.waiting.get() >= places
                || (row.waiting >= lane.share(places) && lane.othersSeen(row));
    }

    private void shed(PageRequestGroup group, DeviceRow row) {
        if (group.stalled() && heldBack < lane.settings().pendingLimitUnit()) {
            holdBack(group, row);
        } else {
            row.tally.increment(Count.SHED);
            answers.decide(group, mayRetry(group, row) ? Response.SUCCESS : Response.INVALID, row);
        }
        lane.show(group, Kinds.PAGE_REQUEST, row, Outcome.SHED);
    }

    /**
     * A stall over its bound is told to try again, but never at once: it would come back at once.
     */
    private void holdBack(PageRequestGroup group, DeviceRow row) {
        long delay = FIRST_HOLD_NANOS << Math.min(row.stallHolds++, MOST_HOLDS);
        long deadline = deadlineFor(group);
        long at = Math.min(lane.nanos() + delay, deadline);
        Waiting waiting =
                new Waiting(
                        group,
                        row,
                        Waiting.Cause.HELD_BACK,
                        deadline,
                        at,
                        null,
                        null,
                        lane.inbox());
        outstanding.waits(group, waiting);
        heldBack++;
        wait(waiting);
    }

    private boolean mayRetry(PageRequestGroup group, DeviceRow row) {
        Settings settings = lane.settings();
        if (!settings.overloadRetry() || group.stalled()) {
            return false;
        }
        int aSecond = settings.overloadRetries();
        long passed = Math.min(lane.nanos() - row.refilledNanos, SECOND);
        long tokens = passed * aSecond / SECOND;
        if (tokens >= aSecond) {
            row.refilledNanos = lane.nanos();
        } else {
            // what is left of a token's time counts for the next one
            row.refilledNanos += tokens * SECOND / aSecond;
        }
        refill(row, (int) tokens);
        if (row.retries == 0) {
            return false;
        }
        row.retries--;
        return true;
    }

    /**
     * Gives a device back what it used up: with time, a whole budget a second, and one an answer.
     */
    private void refill(DeviceRow row, int tokens) {
        row.retries = Math.min(row.retries + tokens, lane.settings().overloadRetries());
    }

    long deadlineFor(Fault fault) {
        boolean stall = fault instanceof PageRequestGroup group && group.stalled();
        Settings settings = lane.settings();
        return lane.nanos()
                + MILLI
                        * (stall
                                ? settings.stallDeadlineMillis()
                                : settings.responseDeadlineMillis());
    }

    // --- later

    /** Does what other threads asked for, and offers again all that is to be. */
    void takeInbox() {
        takeInbox(Integer.MAX_VALUE, null);
    }

    /**
     * Does what other threads asked for, and offers again what is to be: as many requests as a
     * batch would have, and only as long, so that a lane with many groups of a leaver is held up no
     * longer than by a batch.
     *
     * @param limit how many requests
     * @param pace how long; null without end
     * @return how much that was
     */
    int takeInbox(int limit, Pace pace) {
        int done = 0;
        for (Runnable command = lane.inbox().takeCommand();
                command != null;
                command = lane.inbox().takeCommand()) {
            command.run();
            done++;
        }
        done += offerAgain(limit, pace);
        do {
            while (concluded != null) {
                Waiting waiting = concluded;
                concluded = waiting.next;
                waiting.next = null;
                if (waiting.armed) {
                    concluded(waiting);
                }
                done++;
            }
            concluded = lane.inbox().take();
        } while (concluded != null);
        return done;
    }

    private void concluded(Waiting waiting) {
        waitNoMore(waiting);
        Fault fault = waiting.fault;
        DeviceRow row = waiting.row;
        if (fault instanceof PageRequestGroup group) {
            if (!outstanding.contains(group)) {
                row.tally.increment(Count.WITHDRAWN);
                return;
            }
            outstanding.waits(group, null);
        }
        Verdict verdict = waiting.conclusion();
        if (verdict.kind() == Verdict.Kind.PASSED && waiting.owner.life.standing.isGone()) {
            // a leaver lets go before this lane, which slept, has seen that it is gone
            goOnWithoutOwner(waiting);
            return;
        }
        if (waiting.cases != null) {
            for (ShadowCase shadowed : waiting.cases) {
                shadowed.concluded(verdict);
            }
        }
        boolean group = fault instanceof PageRequestGroup;
        if (verdict.kind() == Verdict.Kind.HANDLED && (verdict.response() != null) == group) {
            row.tally.increment(Count.HANDLED);
            if (fault instanceof PageRequestGroup answered) {
                row.stallHolds = 0;
                refill(row, 1);
                decide(answered, verdict.response(), row, waiting);
            }
            return;
        }
        if (verdict.kind() != Verdict.Kind.PASSED) {
            fail(waiting, verdict);
        }
        if (isOfferingAgain()) {
            waitToBeOffered(waiting, null);
        } else {
            offerAgain(waiting);
        }
    }

    private static void fail(Waiting waiting, Verdict verdict) {
        Source owner = waiting.owner.source;
        boolean failed = verdict.kind() == Verdict.Kind.FAILED;
        List<Failure> failures = new ArrayList<>(waiting.failures);
        failures.add(
                new Failure(
                        owner.name(),
                        owner.serviceId(),
                        failed ? verdict.reason() : "illegal conclusion: " + verdict,
                        failed ? verdict.response() : null));
        waiting.failures = List.copyOf(failures);
    }

    /** The rest of the chain is asked: every matching handler that has not been (R1). */
    private void offerAgain(Waiting waiting) {
        int kind = waiting.fault instanceof PageRequestGroup ? Kinds.PAGE_REQUEST : Kinds.HINT;
        lane.refresh();
        lane.joinBatch();
        offeredAgain(waiting, lane.offer(waiting.fault, kind, waiting.row, waiting));
    }

    /** What the rest of the chain made of something that had waited. */
    void offeredAgain(Waiting waiting, Offers.End end) {
        settle(waiting.fault, waiting.row, end, waiting);
    }

    /** Whether something is to be offered again before anything new is. */
    boolean isOfferingAgain() {
        return !again.isEmpty();
    }

    /** Offers again what is to be, the oldest first. */
    private int offerAgain(int limit, Pace pace) {
        int done = 0;
        for (Waiting next = again.peek(); next != null && done < limit; next = again.peek()) {
            again.remove();
            if (next.end()) { // else it has ended meanwhile
                waitNoMore(next);
                done++;
                if (next.fault instanceof PageRequestGroup group) {
                    outstanding.waits(group, null);
                    done += group.size() - 1;
                }
                next.heir = next.heir == null ? null : next.heir.present();
                offerAgain(next);
                if (pace != null && !pace.goesOn()) {
                    return done;
                }
            }
        }
        return done;
    }

    private void offerAgainLater(Waiting waiting) {
        waiting.again = true;
        again.add(waiting);
    }

    /**
     * Handlers have left: what they had taken over waits for their successors, goes to them, or on
     * to the rest of the chain, in the order in which it came. Nobody is called here.
     */
    void departed() {
        List<Waiting> left = new ArrayList<>();
        for (Waiting waiting : due.all()) {
            if (waiting.owner != null && !waiting.again && waiting.owner.life.standing.isGone()) {
                left.add(waiting);
            }
        }
        left.sort(Comparator.comparingLong(waiting -> waiting.fault.sequence()));
        for (Waiting waiting : left) {
            HandlerEntry heir = waiting.owner.life.heir();
            if (waiting.fault instanceof PageRequestGroup
                    && heir != null
                    && heir.handler instanceof Vacancy) {
                handOver(waiting, heir);
            } else if (waiting.owner.handler instanceof Vacancy) {
                waiting.heir = heir;
                offerAgainLater(waiting);
            } else {
                Waiting handed = handOver(waiting, null);
                if (handed != null) {
                    handed.heir = waiting.fault instanceof PageRequestGroup ? heir : null;
                    offerAgainLater(handed);
                }
            }
        }
    }

    /** What its owner, which has left, let go of waits for the successor, or to be offered. */
    private void goOnWithoutOwner(Waiting waiting) {
        HandlerEntry heir =
                waiting.fault instanceof PageRequestGroup ? waiting.owner.life.heir() : null;
        if (heir != null && heir.handler instanceof Vacancy) {
            defer(waiting.handedTo(heir));
        } else {
            waitToBeOffered(waiting, heir);
        }
    }

    /** Something that has been concluded is offered again after what is to be before it. */
    private void waitToBeOffered(Waiting waiting, HandlerEntry heir) {
        Waiting handed = waiting.handedTo(null);
        handed.heir = heir;
        defer(handed);
        offerAgainLater(handed);
    }

    /**
     * What a handler had taken over waits for another one, or for nobody but the lane: conclusions
     * of the former come too late.
     *
     * @return what waits now; null if it was concluded before
     */
    private Waiting handOver(Waiting waiting, HandlerEntry to) {
        if (!waiting.end()) {
            return null;
        }
        holds(waiting);
        Waiting handed = waiting.handedTo(to);
        handed.armed = true;
        due.replace(waiting, handed);
        if (waiting.fault instanceof PageRequestGroup group) {
            outstanding.waits(group, handed);
        }
        return handed;
    }

    /** A group needs no answer any more (R7, R9). */
    private void withdraw(PageRequestGroup group, String why) {
        Waiting waiting = outstanding.waiting(group);
        outstanding.remove(group);
        if (waiting == null) {
            answers.undeliverable(rows.row(group.requester(), lane.settings(), lane.nanos()));
        } else if (waiting.cause == Waiting.Cause.ANSWERED) {
            answers.drop(waiting);
        } else if (waiting.end()) {
            holds(waiting);
            waitNoMore(waiting);
            waiting.row.tally.increment(Count.WITHDRAWN);
            tellOwner(waiting, Notice.Kind.GROUP_WITHDRAWN, why);
        }
        // else concluded at this moment: it finds that it is not outstanding any more
    }

    /** The platform has ended a deferral; its handler may still be at work. */
    private void holds(Waiting waiting) {
        if (waiting.owner == null
                || waiting.owner.handler instanceof Vacancy
                || !waiting.isHeld()) {
            return;
        }
        letGo();
        if (held.size() == MOST_HELD) {
            held.remove();
        }
        waiting.endedNanos = lane.nanos();
        held.add(waiting);
    }

    /** Forgets who has let go, or has had the time to. */
    private void letGo() {
        while (!held.isEmpty() && (!held.peek().isHeld() || isGivenUp(held.peek()))) {
            held.remove();
        }
    }

    private boolean isGivenUp(Waiting waiting) {
        long limit = MILLI * (lane.settings().handlerLimitMillis() + LET_GO_MILLIS);
        return lane.nanos() - waiting.endedNanos - limit >= 0;
    }

    // --- ending a PASID, a device, or all (R9)

    /** How many groups of a device and PASID still need their answer. */
    int outstanding(int requester, int pasid) {
        return outstanding.all(requester, pasid).size();
    }

    /** The deferrals of a device and PASID that handlers have not let go of. */
    List<Waiting> held(int requester, int pasid) {
        return held.stream()
                .filter(
                        waiting ->
                                waiting.isHeld()
                                        && Ending.concerns(
                                                requester,
                                                pasid,
                                                waiting.fault.requester(),
                                                waiting.fault.pasid()))
                .toList();
    }

    /** Whether the time of whoever may still be at work is over. */
    boolean areGivenUp(List<Waiting> all) {
        return all.stream().allMatch(this::isGivenUp);
    }

    /**
     * Ends what waits of a device and PASID, for handlers, room, or a later try.
     *
     * @param count where those are counted that no handler ended
     * @return how many groups that were
     */
    long end(int requester, int pasid, int count, Response response, String why) {
        long ended = 0;
        for (PageRequestGroup group : outstanding.all(requester, pasid)) {
            Waiting waiting = outstanding.waiting(group);
            if (waiting == null) {
                continue; // decided: it leaves with the next flush
            }
            if (waiting.cause == Waiting.Cause.ANSWERED) {
                outstanding.remove(group);
                answers.drop(waiting);
                ended++;
            } else if (end(waiting, count, group.stalled() ? Response.INVALID : response)) {
                tellOwner(waiting, Notice.Kind.GROUP_EXPIRED, why);
                ended++;
            }
        }
        return ended;
    }

    /** The device is not there any more: its groups need no answer. Returns how many those were. */
    long withdraw(int requester, String why) {
        endHints(hint -> hint.requester() == requester);
        List<PageRequestGroup> groups = outstanding.all(requester, DeviceControl.ALL_PASIDS);
        groups.forEach(group -> withdraw(group, why));
        return groups.size();
    }

    /** A reset, or the unit is gone: no group needs an answer. Returns how many those were. */
    long withdrawAll(String why) {
        endHints(hint -> true);
        List<PageRequestGroup> groups = outstanding.all();
        groups.forEach(group -> withdraw(group, why));
        discardPartial();
        return groups.size();
    }

    private void endHints(Predicate<Fault> which) {
        for (Waiting waiting : due.all()) {
            if (waiting.fault instanceof AccessHint && which.test(waiting.fault)) {
                end(waiting, Count.WITHDRAWN, Response.INVALID);
            }
        }
    }

    private void tellOwner(Waiting waiting, Notice.Kind kind, String why) {
        if (waiting.owner != null && waiting.fault instanceof PageRequestGroup group) {
            lane.tell(
                    waiting.owner,
                    new Notice(
                            kind, group.origin(), group, group.requester(), 1, group + ": " + why));
        }
    }

    /** Ends what is due. Returns how much that was. */
    int due() {
        int done = age();
        for (Waiting first = due.first();
                first != null && first.dueNanos - lane.nanos() <= 0;
                first = due.first()) {
            done++;
            switch (first.cause) {
                case ANSWERED -> {
                    outstanding.remove((PageRequestGroup) first.fault);
                    answers.drop(first);
                }
                case HELD_BACK -> end(first, Count.SHED, heldBackAnswer(first));
                case DEFERRED -> {
                    if (!end(first, Count.EXPIRED, Response.INVALID)) {
                        due.remove(first);
                    } else {
                        tellOwner(first, Notice.Kind.GROUP_EXPIRED, "not answered in time");
                    }
                }
            }
        }
        return done == 0 ? 0 : done + flush();
    }

    /** Partial groups whose last request never came age out unanswered (R8). */
    private int age() {
        if (partial.isEmpty()) {
            return 0;
        }
        int before = partial.members();
        partial.age(lane.nanos() - ageNanos(), Groups::discarded);
        return before - partial.members();
    }

    private long ageNanos() {
        return MILLI * lane.settings().partialAgeMillis();
    }

    private Response heldBackAnswer(Waiting waiting) {
        return lane.settings().overloadRetry() && waiting.dueNanos < waiting.deadlineNanos
                ? Response.SUCCESS
                : Response.INVALID;
    }

    /**
     * Ends something that waits, otherwise than by a conclusion. Returns false if that came first.
     */
    private boolean end(Waiting waiting, int count, Response response) {
        if (!waiting.end()) {
            return false;
        }
        holds(waiting);
        waitNoMore(waiting);
        waiting.row.tally.increment(count);
        if (waiting.fault instanceof PageRequestGroup group) {
            outstanding.waits(group, null);
            decide(group, response, waiting.row, waiting);
        }
        return true;
    }

    /** When something is due next. */
    long nextDue() {
        Waiting first = due.first();
        long next = first == null ? Long.MAX_VALUE : first.dueNanos;
        return partial.isEmpty() ? next : Math.min(next, partial.oldestNanos() + ageNanos());
    }

    /** Sends what is decided. Returns how much that was. */
    int flush() {
        return answers.flush();
    }

    /** Who encodes the answers; there is one. */
    GivenUpCall.Called encoder() {
        return answers.encoder();
    }

    /** The encoder's call was given up: its group's answer waits for another one. */
    void encoderBlocked() {
        answers.encoderBlocked();
    }

    boolean isHoldingAnswers() {
        return answers.isHolding();
    }

    // --- leaving

    /** Whether nothing waits any more. */
    boolean isQuiet() {
        return due.size() == 0;
    }

    /** The unit leaves: ends everything that waits, and what is partial gets no answer (R7). */
    void drain(Response rest) {
        while (due.size() > 0) {
            for (Waiting waiting : due.all()) {
                if (waiting.cause == Waiting.Cause.ANSWERED) {
                    answers.giveUp(waiting);
                } else if (end(waiting, Count.DRAINED, rest)) {
                    tellOwner(waiting, Notice.Kind.GROUP_EXPIRED, "its unit leaves");
                }
            }
            // what was concluded at this moment is in the inbox now, or will be
            takeInbox();
            flush();
            Thread.onSpinWait();
        }
        flush();
        answers.giveUpAll();
        discardPartial();
    }

    /** Adds the answers that hardware took, by response. From any thread. */
    void addResponsesTo(Map<String, Long> sums) {
        answers.addTo(sums);
    }
}
