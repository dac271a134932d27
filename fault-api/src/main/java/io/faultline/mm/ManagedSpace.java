package io.faultline.mm;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A space that {@link SpaceControl} made. It keeps count of what it did, so that somebody else's
 * books can be compared with what the space itself wrote down.
 *
 * <p><b>Threads.</b> Safe for any thread. Lists and counts are snapshots; counts that are read
 * while pages come in may be of slightly different moments.
 */
@ProviderType
public interface ManagedSpace extends AddressSpace {
    /**
     * Its areas.
     *
     * @return a snapshot, by address
     */
    List<Area> areas();

    /**
     * Who uses it.
     *
     * @return a snapshot, in the order in which they were bound
     */
    List<SpaceBinding> bindings();

    /**
     * Lets pages go, as reclaim does: the next access brings them in again. Areas stay.
     *
     * @param start the first address, unsigned
     * @param lengthBytes how much; pages that begin in it
     * @return how many resident pages there were
     */
    long discard(long start, long lengthBytes);

    /**
     * What it did so far.
     *
     * @return the counts
     */
    Counts counts();

    /**
     * The latest entries of its log, the oldest first. The log has a bound, set when the space was
     * made; {@link PageIn#number()} tells what has been overwritten.
     *
     * @param limit at most so many
     * @return a snapshot; an entry that another thread is about to write may be missing
     */
    List<PageIn> log(int limit);

    /**
     * Counts since the space was made.
     *
     * @param calls calls of {@link AddressSpace#faultIn}
     * @param broughtIn pages that became resident, each time they did
     * @param madeWritable resident pages that a first write made private or dirty
     * @param discarded resident pages that were let go
     * @param resident pages that are resident now
     * @param memoryPages pages of memory that they take, as {@link SpaceOptions#memoryLimitPages()}
     *     counts them
     * @param tableBytes memory that the page tables take now
     * @param logged entries written to the log, those that were overwritten included
     * @param failures calls that said something else than RESIDENT, by what they said
     */
    record Counts(
            long calls,
            long broughtIn,
            long madeWritable,
            long discarded,
            long resident,
            long memoryPages,
            long tableBytes,
            long logged,
            Map<FaultInResult, Long> failures) {}
}
