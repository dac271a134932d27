package io.faultline.hardware;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Encodes answers as the commands of one architecture. Register it as a service with {@link
 * Encodes}.
 *
 * <p><b>Threads.</b> Called on lanes and on the threads that conclude deferrals, at once for
 * several units; keeps no state.
 */
@ConsumerType
public interface ResponseEncoder {
    /**
     * The longest command.
     *
     * @return bytes; never changes
     */
    int commandBytes();

    /**
     * Encodes the answer to a group.
     *
     * @param group the group; its {@link PageRequestGroup#token()} says what to give back
     * @param response the answer
     * @param to little-endian, with at least {@link #commandBytes()} remaining; the command is put
     *     at its position, which then stands behind it
     * @return false if this hardware cannot express that answer; nothing is put then
     */
    boolean encode(PageRequestGroup group, Response response, ByteBuffer to);

    /**
     * Encodes the command that ends all stalled transactions of a requester at once.
     *
     * @param requester the requester
     * @param to as for {@link #encode}
     * @return false if this hardware has no such command; nothing is put then
     */
    default boolean endStalls(int requester, ByteBuffer to) {
        return false;
    }
}
