package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.queue.BoundedQueue;
import io.faultline.queue.QueueGrant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R10, R11: a queue of the size that was granted, which refuses what does not fit. */
class NegotiatedQueueTest {
    private final Stage stage = new Stage();

    @Test
    void holdsWhatWasGrantedAndRefusesTheRest() {
        BoundedQueue<Integer> queue = stage.dispatcher.open(3, 1);
        assertEquals(new QueueGrant(3, 4, 65_536), queue.grant());
        for (int i = 0; i < 4; i++) {
            assertTrue(queue.offer(i));
        }

        assertFalse(queue.offer(4));

        assertEquals(1, queue.refused());
        assertEquals(4, queue.size());
        List<Integer> taken = new ArrayList<>();
        assertEquals(3, queue.drain(taken::add, 3));
        assertEquals(List.of(0, 1, 2), taken);
        assertTrue(queue.offer(5), "room again without a restart");
    }

    @Test
    void refusesALeastThatIsOverTheLimit() {
        stage.set("queue.limit", 16);

        assertThrows(IllegalArgumentException.class, () -> stage.dispatcher.open(1, 17));
    }

    @Test
    void losesNothingThatItTookFromFourThreads() throws Exception {
        BoundedQueue<Long> queue = stage.dispatcher.open(64, 1);
        AtomicLong offered = new AtomicLong();
        List<Thread> threads =
                IntStream.range(0, 4)
                        .mapToObj(t -> new Thread(() -> offer(queue, offered)))
                        .toList();
        threads.forEach(Thread::start);
        AtomicLong taken = new AtomicLong();
        while (threads.stream().anyMatch(Thread::isAlive)) {
            queue.drain(taken::addAndGet, 16);
        }
        queue.drain(taken::addAndGet, Integer.MAX_VALUE);

        assertEquals(offered.get(), taken.get());
        assertEquals(0, queue.size());
    }

    private static void offer(BoundedQueue<Long> queue, AtomicLong offered) {
        for (long i = 0; i < 20_000; i++) {
            if (queue.offer(i)) {
                offered.addAndGet(i);
            }
        }
    }
}
