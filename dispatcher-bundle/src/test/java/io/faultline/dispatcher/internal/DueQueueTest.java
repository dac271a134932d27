package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The first of {@link DueQueue} is always one of those that a plain list would say. */
class DueQueueTest {
    /** Longer than any due time here; the clock's origin is arbitrary and may make times wrap. */
    private static final long NEAR_WRAP = Long.MAX_VALUE - 500;

    @Property(tries = 300)
    void agreesWithAList(
            @ForAll @Size(max = 600) List<@IntRange(min = -40, max = 200) Integer> steps,
            @ForAll boolean wraps) {
        DueQueue queue = new DueQueue();
        List<Waiting> model = new ArrayList<>();
        long now = wraps ? NEAR_WRAP : 0;
        for (int step : steps) {
            if (step < 0) {
                if (!model.isEmpty()) {
                    int which = -step % model.size();
                    Waiting gone = model.get(which);
                    assertTrue(gone.isQueued());
                    if (step % 2 == 0) {
                        queue.remove(gone);
                        queue.remove(gone);
                        model.remove(which);
                    } else {
                        Waiting other = due(gone.dueNanos);
                        queue.replace(gone, other);
                        assertTrue(other.isQueued());
                        model.set(which, other);
                    }
                    assertFalse(gone.isQueued());
                }
            } else {
                now += 3;
                // most are due the same time later, as deadlines are
                Waiting waiting = due(now + (step % 4 == 0 ? step : 200));
                queue.add(waiting);
                model.add(waiting);
            }
            check(queue, model, now);
        }
    }

    @Property(tries = 20)
    void keepsOneThatStaysWhileThousandsComeAndGo(@ForAll @IntRange(min = 1, max = 64) int late) {
        DueQueue queue = new DueQueue();
        Waiting stays = due(0);
        queue.add(stays);
        List<Waiting> others = new ArrayList<>();
        for (int i = 1; i < 5000; i++) {
            Waiting other = due(i);
            queue.add(other);
            others.add(other);
            if (i >= late) {
                queue.remove(others.remove(0));
            }
            assertSame(stays, queue.first());
            assertEquals(others.size() + 1, queue.size());
        }
        queue.remove(stays);
        assertSame(others.isEmpty() ? null : others.get(0), queue.first());
    }

    private static void check(DueQueue queue, List<Waiting> model, long now) {
        assertEquals(model.size(), queue.size());
        if (model.isEmpty()) {
            assertNull(queue.first());
            return;
        }
        long least =
                model.stream()
                        .map(waiting -> waiting.dueNanos - now)
                        .min(Comparator.naturalOrder())
                        .orElseThrow();
        assertEquals(least, queue.first().dueNanos - now);
        Set<Waiting> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(Arrays.asList(queue.all()));
        assertEquals(model.size(), all.size());
        assertTrue(all.containsAll(model));
    }

    private static Waiting due(long nanos) {
        return new Waiting(null, null, Waiting.Cause.DEFERRED, nanos, nanos, null, null, null);
    }
}
