package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What must become of page requests (R1, R3, R7 to R9), as simple as can be: lists, maps and one
 * step after another. It shares nothing with the core but the words for responses.
 */
final class ReferenceModel {
    static final long PAGE_DEADLINE = 10_000;
    static final long STALL_DEADLINE = 1_000;
    static final long AGE = 5_000;

    /** How long an answer is tried at least that finds the ring full. */
    private static final long LEAST = 1_000;

    /** A handler's word about a group. */
    enum Say {
        SUCCESS,
        INVALID,
        FAILURE,
        PASSED,
        FAILED,
        FAILED_SUGGESTS_FAILURE,
        DEFERRED
    }

    /** What a handler says about the group that the record of this number completed. */
    interface Says {
        Say about(long handler, long record);
    }

    /** A group that hardware waits for. */
    static final class Group {
        final long record;
        final String key;
        final int requester;
        final int pasid;
        final boolean stall;
        final int size;
        final Set<Long> offered = new LinkedHashSet<>();
        Response firstSuggestion;
        boolean failedOnce;
        long deadline;

        /** The handler that has taken it over, or null. */
        Long deferredBy;

        /** Decided, and there is no room for the answer. */
        Response held;

        long heldUntil;

        Group(long record, String key, int requester, int pasid, boolean stall, int size) {
            this.record = record;
            this.key = key;
            this.requester = requester;
            this.pasid = pasid;
            this.stall = stall;
            this.size = size;
        }
    }

    private static final class Partial {
        final int requester;
        final int pasid;
        final List<Long> records = new ArrayList<>();
        long latest;

        Partial(int requester, int pasid) {
            this.requester = requester;
            this.pasid = pasid;
        }
    }

    private record Flush(int requester, Integer pasid, long limit) {}

    private final boolean pasidInAnswers;
    private final Says says;

    /** By ranking, the highest first: the chain. */
    private final TreeMap<Integer, Long> chain = new TreeMap<>(java.util.Comparator.reverseOrder());

    private final Map<String, Partial> partial = new HashMap<>();
    private final Map<String, Group> live = new LinkedHashMap<>();
    private final List<Group> formerLives = new ArrayList<>();
    private final List<Flush> flushes = new ArrayList<>();
    private final List<Group> decided = new ArrayList<>();
    private final Map<Group, Response> decisions = new HashMap<>();

    long now;
    long records;
    boolean ringFull;

    /** What ends came: "record RESPONSE", sorted by whoever compares. */
    final List<String> answers = new ArrayList<>();

    long groups;
    long answered;
    long withdrawn;
    long undeliverable;
    long discarded;
    long duplicateTags;

    ReferenceModel(boolean pasidInAnswers, Says says) {
        this.pasidInAnswers = pasidInAnswers;
        this.says = says;
    }

    // --- handlers

    void handlerComes(int ranking, long id) {
        chain.put(ranking, id);
    }

    void handlerLeaves(int ranking) {
        long id = chain.remove(ranking);
        for (Group group : all()) {
            if (group.deferredBy != null && group.deferredBy == id) {
                group.deferredBy = null;
                offer(group);
            }
        }
        send();
    }

    private void offer(Group group) {
        for (long handler : chain.values()) {
            if (!group.offered.add(handler)) {
                continue;
            }
            if (take(group, handler, says.about(handler, group.record))) {
                return;
            }
        }
        Response response = group.firstSuggestion;
        decide(group, response == null ? Response.INVALID : response);
    }

    /** Returns whether that is the end of the way down the chain. */
    private boolean take(Group group, long handler, Say say) {
        switch (say) {
            case SUCCESS, INVALID, FAILURE -> decide(group, Response.valueOf(say.name()));
            case DEFERRED -> group.deferredBy = handler;
            case PASSED -> {
                return false;
            }
            default -> {
                if (!group.failedOnce) {
                    group.failedOnce = true;
                    group.firstSuggestion =
                            say == Say.FAILED_SUGGESTS_FAILURE ? Response.FAILURE : null;
                }
                return false;
            }
        }
        return true;
    }

    /** A handler concludes a group that it has taken over. */
    void conclude(long record, Say say) {
        Group group = all().stream().filter(g -> g.record == record).findFirst().orElseThrow();
        long handler = group.deferredBy;
        group.deferredBy = null;
        if (!take(group, handler, say)) {
            offer(group);
        }
        send();
    }

    // --- answers

    private void decide(Group group, Response response) {
        decided.add(group);
        decisions.put(group, response);
    }

    /** The end of a batch, or of whatever else decides. */
    void send() {
        for (Group group : all()) {
            if (group.held != null && !ringFull) {
                answer(group, group.held);
            }
        }
        for (Group group : decided) {
            Response response = decisions.remove(group);
            if (response == null) {
                continue; // withdrawn since
            }
            if (ringFull) {
                group.held = response;
                group.heldUntil = Math.max(group.deadline, now + LEAST);
            } else {
                answer(group, response);
            }
        }
        decided.clear();
    }

    private void answer(Group group, Response response) {
        forget(group);
        answered++;
        answers.add(group.record + " " + response);
    }

    private void forget(Group group) {
        if (live.get(group.key) == group) {
            live.remove(group.key);
        } else {
            formerLives.remove(group);
        }
    }

    private List<Group> all() {
        List<Group> all = new ArrayList<>(formerLives);
        all.addAll(live.values());
        return all;
    }

    // --- records

    void page(int requester, int pasid, int index, boolean last) {
        records++;
        String key = requester + "/" + index + (pasidInAnswers ? "/" + pasid : "");
        Partial before = last ? partial.remove(key) : partial.get(key);
        if (!last) {
            if (before == null) {
                before = new Partial(requester, pasid);
                partial.put(key, before);
            }
            before.records.add(records);
            before.latest = now;
            return;
        }
        int size = before == null ? 1 : before.records.size() + 1;
        complete(new Group(records, key, requester, pasid, false, size));
    }

    void stall(int requester, int tag) {
        records++;
        String key = requester + "/stall " + tag;
        if (live.containsKey(key)) {
            duplicateTags++;
            return;
        }
        complete(new Group(records, key, requester, Fault.NO_PASID, true, 1));
    }

    private void complete(Group group) {
        groups++;
        Group older = live.get(group.key);
        if (older != null) {
            withdraw(older);
        }
        group.deadline = now + (group.stall ? STALL_DEADLINE : PAGE_DEADLINE);
        live.put(group.key, group);
        offer(group);
    }

    private void withdraw(Group group) {
        forget(group);
        if (decisions.remove(group) != null || group.held != null) {
            undeliverable++;
        } else {
            withdrawn++;
        }
    }

    void stopMarker(int requester, int pasid) {
        records++;
        discard(p -> p.requester == requester && p.pasid == pasid);
        for (Group group : List.copyOf(live.values())) {
            if (!group.stall && group.requester == requester && group.pasid == pasid) {
                live.remove(group.key);
                formerLives.add(group);
            }
        }
    }

    private void discard(Predicate<Partial> which) {
        for (Iterator<Partial> i = partial.values().iterator(); i.hasNext(); ) {
            Partial group = i.next();
            if (which.test(group)) {
                discarded += group.records.size();
                i.remove();
            }
        }
    }

    // --- what happens to a unit or device

    void overflow() {
        discard(p -> true);
    }

    void reset() {
        all().forEach(this::withdraw);
        discard(p -> true);
    }

    void remove(int requester) {
        all().stream().filter(g -> g.requester == requester).forEach(this::withdraw);
        discard(p -> p.requester == requester);
    }

    void flush(int requester, Integer pasid, long limitMillis) {
        flushes.add(new Flush(requester, pasid, now + limitMillis));
    }

    /** What is due by now: age, deadlines; then the flushes that are waited for. */
    void due() {
        discard(p -> now - p.latest >= AGE);
        for (Group group : all()) {
            if (group.held != null && now >= group.heldUntil) {
                forget(group);
                undeliverable++;
            } else if (group.deferredBy != null && now >= group.deadline) {
                group.deferredBy = null;
                decide(group, Response.INVALID);
            }
        }
        send();
        while (flushes.removeIf(this::isDone)) {
            // one that has ended groups at its limit may have been what another one waited for
        }
    }

    private boolean isDone(Flush flush) {
        List<Group> matching = all().stream().filter(g -> concerns(flush, g)).toList();
        if (!matching.isEmpty() && now < flush.limit) {
            return false;
        }
        for (Group group : matching) {
            if (group.held != null) {
                forget(group);
                undeliverable++;
            } else {
                group.deferredBy = null;
                decide(group, Response.INVALID);
            }
        }
        send();
        discard(
                p ->
                        p.requester == flush.requester
                                && (flush.pasid == null || p.pasid == flush.pasid));
        return true;
    }

    private static boolean concerns(Flush flush, Group group) {
        return group.requester == flush.requester
                && (flush.pasid == null || group.pasid == flush.pasid);
    }

    /** The unit leaves: the rest is told to ask again, or nobody hears of it. */
    void leave() {
        for (Group group : all()) {
            if (group.held == null) {
                decide(group, Response.SUCCESS);
            } else if (ringFull) {
                forget(group);
                undeliverable++;
            }
        }
        if (ringFull) {
            decided.forEach(this::forget);
            undeliverable += decided.size();
            decided.clear();
        }
        send();
        discard(p -> true);
    }

    /** Groups taken over by a handler that has not concluded them. */
    List<Long> deferred() {
        return all().stream().filter(g -> g.deferredBy != null).map(g -> g.record).toList();
    }

    long waiting() {
        return all().size();
    }

    long partialRequests() {
        return partial.values().stream().mapToLong(p -> p.records.size()).sum();
    }
}
