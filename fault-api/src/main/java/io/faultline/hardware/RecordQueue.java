package io.faultline.hardware;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One hardware queue, or a set of recording registers: a ring of records that hardware writes and
 * one lane reads.
 *
 * <p><b>Threads.</b> All methods but {@link #listen} are called by one lane at a time; a lane that
 * takes over from another sees what that one did.
 *
 * <p><b>Order.</b> For each batch: {@link #available()}, then the records from slot {@link
 * #first()} on are read from {@link #memory()}, then {@link #consumed}; when the queue had
 * {@linkplain #overflowed() overflowed}, {@link #acknowledge()} after everything that waited has
 * been consumed.
 */
@ConsumerType
public interface RecordQueue {
    /** What {@link #available()} returns for index registers that contradict each other. */
    int INCONSISTENT = -1;

    /** What {@link #available()} returns when no record will ever come again. */
    int ENDED = -2;

    /**
     * The kind of queue; with the unit's architecture it names the decoder.
     *
     * @return the word of {@link Decodes#queue()}, never changes
     */
    String kind();

    /**
     * How many records wait. Reads the producer's index: records below it are visible afterwards.
     *
     * @return 0 to {@link #slots()}, {@link #INCONSISTENT} or {@link #ENDED}
     */
    int available();

    /**
     * The slot of the oldest record that waits.
     *
     * @return 0 to {@code slots() - 1}
     */
    int first();

    /**
     * How many slots the ring has; behind the last one the first follows.
     *
     * @return at least 1; never changes
     */
    int slots();

    /**
     * The ring's memory: slot {@code i} lies at {@code i * recordBytes}.
     *
     * @return little-endian; the same buffer at each call
     */
    ByteBuffer memory();

    /**
     * Gives slots back: moves the consumer's index.
     *
     * @param n how many of the oldest records have been copied, at most what was available
     */
    void consumed(int n);

    /**
     * Whether hardware says that it lost records since the last acknowledgement.
     *
     * @return true until {@link #acknowledge()}
     */
    boolean overflowed();

    /** Acknowledges an overflow. Called after everything that waited has been consumed. */
    void acknowledge();

    /**
     * Names who is to be woken when records have come: the queue's interrupt. A queue without one
     * is polled.
     *
     * @param wake to be run when {@link #available()} may have become positive; quick, from any
     *     thread. Null: nobody any more; {@link #available()} then looks each time
     * @return false if this queue has no interrupt
     */
    default boolean listen(Runnable wake) {
        return false;
    }

    /**
     * Holds the queue's interrupt back, or lets it through again. While records come close on each
     * other, looking for them costs less than being told of each, and finds them sooner. Called by
     * who calls {@link #available()}.
     *
     * @param back true: the interrupt is not needed for the time being, {@link #available()} is
     *     asked again and again and looks each time; false: once this returns, what comes
     *     interrupts, and the next {@link #available()} looks for what came before
     * @return whether it is held back now: false if this queue cannot do that
     */
    default boolean holdBack(boolean back) {
        return false;
    }

    /**
     * When the records now available were written, where the source knows.
     *
     * @return nanoseconds of the unit's {@link HardwareUnit#timeBase()}, or -1: the lane takes the
     *     time at which it read them
     */
    default long recordedAt() {
        return -1;
    }
}
