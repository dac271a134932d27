package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import java.util.Map;

/**
 * Keeps the place of a handler that has left until a successor of the same name comes (R6,
 * handover): takes over the page request groups that would have reached it. They wait where all
 * deferred groups wait, within the same bounds.
 */
final class Vacancy implements FaultHandler {
    private static final long MILLI = 1_000_000L;
    private static final int MOST_MILLIS = 60_000;

    /** Its place in the chain. */
    final HandlerEntry entry;

    /** When nobody is waited for any more, in ticker time. */
    final long untilNanos;

    Vacancy(HandlerEntry leaver, long untilNanos) {
        this.entry =
                new HandlerEntry(
                        this,
                        leaver.source,
                        leaver.ranking,
                        leaver.filter.onlyPageRequests(),
                        0,
                        new HandlerEntry.Life());
        this.untilNanos = untilNanos;
    }

    /** What views say of it. */
    String state(long now) {
        long millis = Math.max(0, untilNanos - now) / MILLI;
        return "out: has left; its groups wait " + millis + " ms for a successor";
    }

    /**
     * How long a leaver's groups wait for its successor.
     *
     * @param properties of the leaver
     * @return in ms, 0 if they do not
     * @throws IllegalArgumentException naming key, value and range
     */
    static int handoverMillis(Map<String, ?> properties) {
        Object value = properties.get(Handles.HANDOVER_MS);
        if (value == null) {
            return 0;
        }
        try {
            int millis = Integer.parseInt(value.toString().trim());
            if (millis >= 0 && millis <= MOST_MILLIS) {
                return millis;
            }
        } catch (NumberFormatException e) {
            // refused below, like a number out of range
        }
        throw new IllegalArgumentException(
                Handles.HANDOVER_MS + "=" + value + ": allowed are 0 to " + MOST_MILLIS);
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        if (!((LaneContext) context).isDeferrable()) {
            return Verdict.PASSED; // its unit leaves, or it is only observed
        }
        context.defer();
        return Verdict.DEFERRED;
    }
}
