package io.faultline.log;

import java.io.Closeable;
import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A log that tells what its lines say, a piece at a time. Registered as a service it becomes a
 * source of observed faults: a lane reads it.
 *
 * <p><b>Threads.</b> {@link #read} is called by one thread at a time; {@link #close()} from any.
 */
@ConsumerType
public interface LogSource extends Closeable {
    /** What {@link #read} returns when nothing will ever come again. */
    int ENDED = -1;

    /**
     * The source's name, for messages and pages.
     *
     * @return for example {@code /dev/kmsg} or a file's name
     */
    String name();

    /**
     * Reads on and tells what it finds. Does not wait for input that is not there yet, unless the
     * input is a file or a pipe that is read to its end.
     *
     * @param out takes what the lines say
     * @param limit stop after about this many reports
     * @return how many reports were made, 0 if nothing is there now, or {@link #ENDED}
     * @throws IOException if the input cannot be read further
     */
    int read(LineSink out, int limit) throws IOException;

    /**
     * Names who is to be woken when there is more to read.
     *
     * @param wake quick, from any thread; null: nobody any more
     * @return false if this source has to be polled
     */
    default boolean listen(Runnable wake) {
        return false;
    }
}
