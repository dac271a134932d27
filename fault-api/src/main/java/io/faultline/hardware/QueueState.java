package io.faultline.hardware;

/**
 * What the two index registers of a queue say together.
 *
 * @param count records that wait, 0 to the queue's slots
 * @param first slot of the oldest record that waits; also the slot to be written next if {@code
 *     count} is 0
 * @param full whether no slot is free
 * @param overflow whether the hardware says that it lost records and nobody has acknowledged it
 * @param inconsistent whether no sequence of reads and writes leads to these values: reported, not
 *     followed ({@code queue_inconsistent}). All else is then 0 or false
 * @param consAfterDrain the value to write to the consumer's register after everything that waits
 *     has been consumed, with the overflow acknowledged
 */
public record QueueState(
        int count,
        int first,
        boolean full,
        boolean overflow,
        boolean inconsistent,
        long consAfterDrain) {
    /** The state of registers that contradict each other. */
    public static final QueueState INCONSISTENT = new QueueState(0, 0, false, false, true, 0);

    /**
     * Whether nothing waits.
     *
     * @return true if {@link #count()} is 0 and the registers are consistent
     */
    public boolean empty() {
        return count == 0 && !inconsistent;
    }
}
