package io.faultline.dispatcher.internal;

import io.faultline.handler.FaultHandler;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A handler with its place in the chain. The place is a copy: a reference's own order follows the
 * present ranking and may change under a sort.
 *
 * <p>When ranking or filter change, a new entry with the same {@link Life} takes its place.
 */
final class HandlerEntry {
    /** The order of the chain: higher ranking first, then the older registration (R1). */
    static final Comparator<HandlerEntry> ORDER =
            Comparator.comparingInt((HandlerEntry e) -> e.ranking)
                    .reversed()
                    .thenComparingLong(e -> e.source.serviceId());

    final FaultHandler handler;
    final Source source;
    final int ranking;
    final HandlerFilter filter;

    /** How long its groups wait for a successor when it leaves; 0 if they do not (R6). */
    final int handoverMillis;

    final Life life;

    HandlerEntry(
            FaultHandler handler,
            Source source,
            int ranking,
            HandlerFilter filter,
            int handoverMillis,
            Life life) {
        this.handler = handler;
        this.source = source;
        this.ranking = ranking;
        this.filter = filter;
        this.handoverMillis = handoverMillis;
        this.life = life;
    }

    /** This one, or who has what it took over; null if nobody has. */
    HandlerEntry present() {
        return life.standing.isGone() ? life.heir() : this;
    }

    /** What stays the same for a handler from bind to unbind. */
    static final class Life {
        private static final int MOST_LANES = 1024;

        /**
         * Closed before the handler's unbind returns: no further call begins, also not on the
         * thread that runs the unbind, which waits for no lane of its own (R6).
         */
        final Standing standing = new Standing();

        /**
         * Who has what it took over, once it is gone: its vacancy, then its successor. Null: the
         * rest of the chain has. Written before the snapshot without it is published.
         */
        private volatile HandlerEntry heir;

        /** By lane; each lane writes its own. */
        private final AtomicReferenceArray<Tally> cells = new AtomicReferenceArray<>(MOST_LANES);

        void leaveTo(HandlerEntry newHeir) {
            heir = newHeir;
        }

        /**
         * Who has what it took over, now that it is gone: a vacancy or a successor that is still
         * there, or null.
         */
        HandlerEntry heir() {
            HandlerEntry next = heir;
            while (next != null && next.life.standing.isGone()) {
                next = next.life.heir;
            }
            return next;
        }

        Tally cells(int lane) {
            int i = lane & (MOST_LANES - 1);
            Tally present = cells.getAcquire(i);
            if (present != null) {
                return present;
            }
            Tally fresh = new Tally(HandlerCells.SIZE);
            Tally other = cells.compareAndExchange(i, null, fresh);
            return other == null ? fresh : other;
        }

        /** What all lanes counted. */
        long sum(int counter) {
            long sum = 0;
            for (int i = 0; i < MOST_LANES; i++) {
                Tally tally = cells.getAcquire(i);
                if (tally != null) {
                    sum += tally.get(counter);
                }
            }
            return sum;
        }
    }
}
