package io.faultline.guest;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes the commands of a unit whose hardware is the caller.
 *
 * <p><b>Threads.</b> Called on lanes and on threads that conclude deferrals, one call at a time;
 * must be quick.
 */
@ConsumerType
@FunctionalInterface
public interface RawCommands {
    /**
     * Takes one command.
     *
     * @param command its bytes, the caller's to keep
     * @return false if there is no room now: it is submitted again later
     */
    boolean submit(byte[] command);
}
