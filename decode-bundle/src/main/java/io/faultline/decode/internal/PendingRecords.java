package io.faultline.decode.internal;

import io.faultline.hardware.QueueState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * The records that lie between a queue's indices: {@code --prod} and {@code --cons}.
 *
 * @param producer the register that hardware moves
 * @param consumer the register that software moves
 * @param say tells what is no finding
 */
record PendingRecords(long producer, long consumer, Consumer<String> say) {
    /** Far more than any architecture's queue, far less than memory. */
    static final int LARGEST_QUEUE_BYTES = 1 << 28;

    /**
     * Reads them, the oldest first.
     *
     * @param memory the whole queue
     * @param slots how many records that is
     * @param unreadable slots whose record was told as malformed already
     */
    void read(RecordReader records, ByteBuffer memory, int slots, BitSet unreadable)
            throws IOException {
        if (memory.capacity() > LARGEST_QUEUE_BYTES) {
            throw new WrongUse("no queue is that long; without --prod and --cons all is read");
        }
        QueueState state;
        try {
            state = records.state(producer, consumer, slots);
        } catch (IllegalArgumentException e) {
            inconsistent(records, "a queue of " + slots + " records: " + e.getMessage());
            return;
        }
        if (state == null) {
            throw new WrongUse("this kind of queue has no indices: --prod and --cons mean nothing");
        }
        if (state.inconsistent()) {
            inconsistent(
                    records,
                    String.format(
                            "PROD 0x%x and CONS 0x%x contradict each other in a queue of %d records",
                            producer, consumer, slots));
            return;
        }
        if (state.overflow()) {
            say.accept("the queue has overflowed: records were lost before the newest one here");
        }
        for (int i = 0; i < state.count(); i++) {
            int slot = (int) ((state.first() + (long) i) % slots);
            if (!unreadable.get(slot)) {
                records.read(memory, slot * records.recordBytes(), slot + 1L);
            }
        }
    }

    private static void inconsistent(RecordReader records, String description) throws IOException {
        records.malformed(1, "queue_inconsistent", null, description);
    }
}
