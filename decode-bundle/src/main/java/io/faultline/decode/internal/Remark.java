package io.faultline.decode.internal;

import io.faultline.hardware.KeySink;
import java.util.function.Consumer;

/**
 * What a log says beside faults.
 *
 * @param kind {@link #SUPPRESSED}, {@link #LOST}, {@link #STATUS} or {@link #DETAIL}; of a record
 *     that is no fault, its decoder's word
 * @param function the C function whose calls were not printed, or null
 * @param count how many, as printed; -1 if nothing is counted
 * @param atLeast fewest faults that it stands for
 * @param atMost most faults that it stands for; {@code Long.MAX_VALUE} if unbounded
 * @param more gives the architecture's own keys, or null
 * @param description a sentence for people
 */
record Remark(
        Place place,
        Whose whose,
        String kind,
        String function,
        long count,
        long atLeast,
        long atMost,
        boolean truncated,
        Consumer<KeySink> more,
        String description)
        implements Finding {
    /** Calls that the kernel, or a log daemon, did not print. */
    static final String SUPPRESSED = "suppressed";

    /** A gap in the log. */
    static final String LOST = "lost";

    /** A place in a queue where records were lost. */
    static final String LOST_EVENTS = "lost_events";

    /** A line that counts no fault. */
    static final String STATUS = "status";

    /** A line that belongs to a neighbouring event. */
    static final String DETAIL = "detail";

    boolean isSuppressed() {
        return kind.equals(SUPPRESSED);
    }

    boolean isLost() {
        return kind.equals(LOST) || kind.equals(LOST_EVENTS);
    }

    @Override
    public void describe(Keys keys) {
        keys.text("kind", kind);
        keys.textOrNone("arch", whose.arch());
        place.describe(keys);
        whose.describe(keys);
        if (whose.requester() >= 0) {
            keys.number("stream", whose.requester());
        }
        if (function != null) {
            keys.text("function", function);
        }
        if (count >= 0) {
            keys.number("count", count);
        }
        if (isSuppressed()) {
            keys.number("at_least", atLeast);
            if (atMost == Long.MAX_VALUE) {
                keys.none("at_most");
            } else {
                keys.number("at_most", atMost);
            }
        }
        place.describeTime(keys);
        if (truncated) {
            keys.flag("truncated", true);
        }
        if (more != null) {
            more.accept(keys);
        }
        keys.text("description", description);
    }
}
