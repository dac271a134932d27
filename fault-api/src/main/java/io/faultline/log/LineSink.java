package io.faultline.log;

import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes what a {@link LineDecoder} read from lines of text. What a line says of a fault goes
 * through the methods of {@link FaultSink}; the methods that return the sink say more about the
 * next such call, and hold for that call only:
 *
 * <pre>{@code
 * out.at(head).unit("smmuv3", "arm-smmu-v3.0.auto").queue("evtq").device("0000:01:00.0")
 *         .words(4).unrecoverable(...);
 * }</pre>
 *
 * <p>Unless told otherwise: {@code at} the line being decoded, no device, no raw words.
 */
@ProviderType
public interface LineSink extends FaultSink {
    /**
     * The line that the next thing is reported at: the first one, if it took several.
     *
     * @param line gives number, time and whether it is verified
     * @return this
     */
    LineSink at(LogLine line);

    /**
     * The unit, as the log names it. Said for everything but {@link #lost} and what no architecture
     * says: journald or rsyslog suppressed something.
     *
     * @param arch the architecture, for example {@code vtd}
     * @param name for example {@code arm-smmu-v3.0.auto} or {@code dmar0}; null if the log does not
     *     say
     * @return this
     */
    LineSink unit(String arch, String name);

    /**
     * The kind of queue that hardware reported it through; it picks the {@link
     * io.faultline.hardware.RecordDecoder} that describes the fault.
     *
     * @param kind the word of {@link io.faultline.hardware.Decodes#queue()}
     * @return this
     */
    LineSink queue(String kind);

    /**
     * The device, as the source writes it.
     *
     * @param name for example {@code 0000:3b:00.0} or {@code 3b:00.0}; null if it does not say
     * @return this
     */
    LineSink device(String name);

    /**
     * How many raw words the next call passes: lines that print the record itself.
     *
     * @param rawWords 0 to 4
     * @return this
     */
    LineSink words(int rawWords);

    /**
     * Marks what comes next as incomplete: the line was cut, or lines of it are missing.
     *
     * @return this
     */
    LineSink truncated();

    /**
     * Adds the architecture's own keys to what comes next, for JSON and pages. Of a fault, they
     * come after those of {@link io.faultline.hardware.RecordDecoder#describe}: for what a driver
     * prints and no record holds, and for hardware that has no records. A sink that shows no keys
     * ignores them.
     *
     * @param more gives the keys; called at most once, on any thread, perhaps long after the report
     * @return this
     */
    default LineSink keys(Consumer<KeySink> more) {
        return this;
    }

    /**
     * The kernel says that it did not print some calls of a function (printk_ratelimited). How many
     * faults that were is often only known between bounds.
     *
     * @param function the C function with the limiter, or the program; null if it is not named
     * @param count the number as printed
     * @param atLeast fewest faults that it stands for
     * @param atMost most faults that it stands for; {@code Long.MAX_VALUE} if unbounded
     */
    void suppressed(String function, long count, long atLeast, long atMost);

    /**
     * Hardware or a queue lost records, and nobody counted how many.
     *
     * @param description a sentence for people
     */
    void recordsLost(String description);

    /**
     * A line about faults that counts none.
     *
     * @param description a sentence for people
     */
    void status(String description);

    /**
     * A line that belongs to a neighbouring event and counts nothing by itself.
     *
     * @param description a sentence for people
     */
    void detail(String description);

    /**
     * The log itself has a gap.
     *
     * @param count lines or records that are missing
     * @param description a sentence for people
     */
    void lost(long count, String description);
}
