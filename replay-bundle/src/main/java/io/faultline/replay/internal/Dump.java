package io.faultline.replay.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The records to be played, in order, as a ring that can go round for ever: behind the last record
 * the first follows. A short dump stands in it several times, so that a batch need not end at its
 * end.
 *
 * @param memory little-endian; slot {@code i} holds record {@code i % records}
 * @param slots how many slots the ring has: a multiple of {@code records}, at least 1
 * @param records how many records are played in one round; may be 0
 * @param times when the records were written; null: nobody noted it
 * @param remarks what was wrong with the file, in sentences
 */
record Dump(ByteBuffer memory, int slots, int records, RecordTimes times, List<String> remarks) {
    /** Several batches of the dispatcher's default length. */
    private static final int FEWEST_SLOTS = 1024;

    /**
     * Makes a ring of consecutive records, beginning anywhere in a queue's memory.
     *
     * @param queue the queue's memory, whole records
     * @param recordBytes length of a record
     * @param first slot of the first record
     * @param records how many are played, at most what {@code queue} holds
     * @param times of these records, or null
     */
    static Dump of(
            byte[] queue,
            int recordBytes,
            int first,
            int records,
            RecordTimes times,
            List<String> remarks) {
        int rounds = records == 0 ? 1 : Math.max(1, FEWEST_SLOTS / records);
        int slots = Math.max(1, rounds * records);
        ByteBuffer memory = ByteBuffer.allocate(slots * recordBytes).order(ByteOrder.LITTLE_ENDIAN);
        int behind = Math.min(records, queue.length / recordBytes - first);
        for (int round = 0; round < rounds; round++) {
            memory.put(queue, first * recordBytes, behind * recordBytes);
            memory.put(queue, 0, (records - behind) * recordBytes);
        }
        return new Dump(memory.clear(), slots, records, times, List.copyOf(remarks));
    }

    /**
     * Checks that the dump can be played at a rate.
     *
     * @throws IllegalArgumentException for recorded speed, if nobody noted it
     */
    void checkHas(Rate rate) {
        if (rate.equals(Rate.RECORDED) && times == null && records > 0) {
            throw Replayed.bad(
                    "rate",
                    "recorded",
                    "the dump does not say when its records were written: take max or a number, or"
                            + " note the times ('# at SECONDS' before a record in hex, 'times' in"
                            + " the .json beside queue memory)");
        }
    }
}
