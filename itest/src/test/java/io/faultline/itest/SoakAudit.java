package io.faultline.itest;

import io.faultline.fault.Response;
import io.faultline.handler.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds what was written down about one queue to the rules: each group offered once to each handler
 * that the rules name and to nobody else, in order, until one handles it, and one end for each.
 */
final class SoakAudit {
    private static final int MOST = 5;

    private final List<String> problems = new ArrayList<>();
    private final String queue;
    private final Map<Integer, SoakStay> stays;
    private long last = -1;

    SoakAudit(String queue, Map<Integer, SoakStay> stays) {
        this.queue = queue;
        this.stays = stays;
    }

    /** What is wrong, the first few of it. */
    List<String> problems() {
        return problems;
    }

    /**
     * Looks at groups that have all ended. Stays that have ended, too, are forgotten: else each
     * group of a long soak would be held to all handlers that ever were.
     */
    void check(List<SoakLog.Entry> entries, long from, long until) {
        Map<Integer, List<SoakLog.Entry>> groups = new LinkedHashMap<>();
        for (SoakLog.Entry entry : entries) {
            groups.computeIfAbsent(entry.number(), n -> new ArrayList<>()).add(entry);
            if (entry.handler() == SoakHandler.FIRST && entry.what() == SoakLog.What.OFFERED) {
                if (entry.number() <= last) {
                    say(entry.number(), "offered out of order, after " + last);
                }
                last = entry.number();
            }
        }
        for (long number = from; number < until; number++) {
            new Group((int) number).check(groups.getOrDefault((int) number, List.of()));
        }
        leaveOut(until);
    }

    /** Forgets who has left. */
    void leaveOut(long until) {
        stays.values().removeIf(stay -> stay.hasEndedBefore(until));
    }

    private void say(int number, String what) {
        if (problems.size() < MOST) {
            problems.add(queue + " group " + number + ": " + what);
        }
    }

    /** What became of one group. */
    private final class Group {
        private final int number;
        private final Set<Integer> revoked = new HashSet<>();
        private final Set<Integer> offered = new HashSet<>();
        private int decidedBy;
        private Response expected;
        private boolean deferred;
        private int answers;

        Group(int number) {
            this.number = number;
        }

        void check(List<SoakLog.Entry> entries) {
            for (SoakLog.Entry entry : entries) {
                if (entry.what() == SoakLog.What.CONCLUDED && entry.verdict() == null) {
                    revoked.add(entry.handler());
                }
            }
            for (SoakLog.Entry entry : entries) {
                switch (entry.what()) {
                    case OFFERED -> offered(entry.handler());
                    case ANSWERED -> answered(entry.response());
                    case CONCLUDED -> {}
                }
                said(entry);
            }
            if (answers != 1) {
                say(number, answers + " answers");
            }
            if (decidedBy == 0) {
                say(number, "decided by nobody");
            } else {
                stays.values().forEach(this::missing);
            }
        }

        private void offered(int handler) {
            if (!offered.add(handler)) {
                say(number, "offered twice to handler " + handler);
            }
            if (decidedBy != 0) {
                say(number, "offered to handler " + handler + " after it was handled");
            }
            // one that waits meets whoever has come since
            SoakStay stay = stays.get(handler);
            if (stay == null || !stay.mayHave(number, deferred)) {
                say(number, "offered to handler " + handler + ", which was not there");
            }
        }

        private void answered(Response response) {
            answers++;
            if (expected != response) {
                say(number, "answered " + response + ", not " + expected);
            }
        }

        private void said(SoakLog.Entry entry) {
            Verdict verdict = entry.verdict();
            boolean counts =
                    entry.what() == SoakLog.What.OFFERED || !revoked.contains(entry.handler());
            if (verdict == null || !counts || decidedBy != 0) {
                return;
            }
            deferred |= verdict.kind() == Verdict.Kind.DEFERRED;
            if (verdict.kind() == Verdict.Kind.HANDLED) {
                decidedBy = entry.handler();
                expected = verdict.response();
            }
        }

        /** Who was there all the time and stands before who decided must have been asked. */
        private void missing(SoakStay stay) {
            boolean must = stay.isPermanent() || (!deferred && stay.mustHave(number));
            SoakStay decider = stays.get(decidedBy);
            if (must
                    && !offered.contains(stay.handler)
                    && decider != null
                    && stay.isBefore(decider)) {
                say(number, "never offered to handler " + stay.handler);
            }
        }
    }
}
