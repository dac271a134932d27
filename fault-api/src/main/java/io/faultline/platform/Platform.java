package io.faultline.platform;

import io.faultline.fault.Fault;
import java.util.List;
import java.util.SortedMap;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The running platform, to be looked at.
 *
 * <p><b>Threads.</b> Safe for any thread; costs the lanes nothing.
 */
@ProviderType
public interface Platform {
    /**
     * All handlers, in the order in which they are offered faults.
     *
     * @return a snapshot; handlers that are out of the chain stand at the end with the reason
     */
    List<HandlerView> handlers();

    /**
     * The handlers that a fault would be offered to.
     *
     * @param kind a word of {@link io.faultline.fault.FaultKind#word()}
     * @param unit the unit's name, or null for any
     * @param requester the device; negative for any
     * @return in the order of the chain
     */
    List<HandlerView> chain(String kind, String unit, long requester);

    /**
     * All units and logs, with their counters.
     *
     * @return a snapshot, ordered by name
     */
    List<UnitView> units();

    /**
     * The devices of a unit, with their counters: at most {@code devices.limit}, and one row
     * "others".
     *
     * @param unit the unit's name
     * @return a snapshot, ordered by requester, the others last; empty if there is no such unit
     */
    List<DeviceView> devices(String unit);

    /**
     * All decoders, encoders and line decoders.
     *
     * @return a snapshot
     */
    List<DecoderView> decoders();

    /**
     * The last faults.
     *
     * @param limit at most this many
     * @return the newest first
     */
    List<FaultView> lastFaults(int limit);

    /**
     * The present settings.
     *
     * @return key and value of each, by key
     */
    SortedMap<String, String> settings();

    /**
     * What needs attention: bad settings, handlers taken out, queues that wait for a decoder, calls
     * that were given up; and what each {@link HealthSource} says.
     *
     * @return sentences that name cause, place and remedy; empty if all is well
     */
    List<String> health();

    /**
     * A fault and what became of it.
     *
     * @param fault the fault
     * @param outcome the word of {@link io.faultline.queue.Outcome#word()}
     */
    record FaultView(Fault fault, String outcome) {}
}
