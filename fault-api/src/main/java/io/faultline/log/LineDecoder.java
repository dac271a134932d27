package io.faultline.log;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads an architecture's faults from kernel log lines. Register it as a service with the property
 * {@link io.faultline.hardware.Decodes#ARCH} ({@code @LogsOf(arch = ...)}).
 *
 * <p><b>Threads.</b> {@link #literals()} and {@link #open} from any thread; a session is used by
 * one thread at a time.
 */
@ConsumerType
public interface LineDecoder {
    /**
     * The texts by which its lines are found. A line that holds none of them is not looked at,
     * unless a session {@linkplain Session#line asked} for it. All decoders' literals are searched
     * for in one pass, so they should be rare in an ordinary log; case counts. More of them cost
     * little, short ones do: below 8 characters the search for all becomes slower.
     *
     * @return ASCII texts of at least 4 characters; never changes
     */
    List<String> literals();

    /**
     * Begins reading one source.
     *
     * @param source the source's name, for messages
     * @return the state for that source
     */
    Session open(String source);

    /** What a decoder keeps for one source, for events that take several lines. */
    @ConsumerType
    interface Session {
        /**
         * Reads one line. Lines come in the order of the source.
         *
         * @param line a line that holds one of the literals, or was asked for
         * @param out takes what the lines so far say; valid during the call
         * @return how many of the next lines this session wants to see whether they hold a literal
         *     or not; 0 for none. Counted anew at each call
         */
        int line(LogLine line, LineSink out);

        /**
         * A live source has been silent for a while: says what is complete and was only held back
         * because the next line might have added to it. More lines may come.
         *
         * @param out takes it; valid during the call
         */
        default void idle(LineSink out) {}

        /**
         * The source has ended, or the decoder leaves: says what was still incomplete.
         *
         * @param out takes it; valid during the call
         */
        default void end(LineSink out) {}
    }
}
