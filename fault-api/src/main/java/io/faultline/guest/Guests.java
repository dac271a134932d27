package io.faultline.guest;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The guests of this platform. A service of the platform.
 *
 * <p><b>Threads.</b> Safe for any thread.
 */
@ProviderType
public interface Guests {
    /**
     * Who is connected, or may come back.
     *
     * @return a snapshot, in the order of connection
     */
    List<GuestView> guests();

    /**
     * Makes a unit whose hardware is the caller: it writes raw records and takes commands.
     *
     * @param queue the records, as {@code raw:ARCH:QUEUE}, for example {@code raw:smmuv3:evtq}
     * @param unit the unit's name; unique within the platform
     * @param depth how many records should fit in the queue
     * @param commands takes what the platform answers
     * @return the unit's queue; close it to take the unit away
     * @throws IllegalArgumentException if no decoder for such records is installed, or the name is
     *     taken
     * @throws IllegalStateException if there is no dispatcher at present to grant the queue
     */
    RawQueue open(String queue, String unit, int depth, RawCommands commands);
}
