package io.faultline.hardware;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where answers go: a unit's command or invalidation queue.
 *
 * <p><b>Threads.</b> Safe for any number of threads at once.
 */
@ConsumerType
public interface CommandPort {
    /**
     * Puts one command into the ring.
     *
     * @param command from position to limit; may be read during the call only
     * @return true if hardware has it now; false if the ring is full: it is submitted again later
     *     (R7), a command that was taken never
     * @throws IllegalStateException if the unit takes no more commands: the answer counts as
     *     undeliverable
     */
    boolean submit(ByteBuffer command);

    /**
     * Puts one command into the ring and says what it answers. The platform calls this one for
     * every answer to a group, so that a recording can tell; hardware only wants the command.
     *
     * @param command as for {@link #submit(ByteBuffer)}
     * @param group what is answered
     * @param response the answer
     * @return as for {@link #submit(ByteBuffer)}
     * @throws IllegalStateException if the unit takes no more commands: the answer counts as
     *     undeliverable
     */
    default boolean submit(ByteBuffer command, PageRequestGroup group, Response response) {
        return submit(command);
    }
}
