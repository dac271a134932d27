package io.faultline.platform;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What an operator does with handlers while faults flow: lets those back in that were taken out
 * (R4). The dispatcher provides it as one service.
 *
 * <p><b>Threads.</b> Safe for any thread; costs the lanes nothing.
 *
 * <p><b>Names.</b> A plug-in is named by its {@code faultline.name} or by its {@code service.id} in
 * digits. A name that fits nobody is an {@link IllegalArgumentException} that says which do.
 */
@ProviderType
public interface HandlerControl {
    /**
     * The handlers, decoders and encoders that are not called although their services are there.
     *
     * @return a snapshot; empty if all are called
     */
    List<Out> out();

    /**
     * Lets a plug-in back in that threw or blocked too often. What it did before is forgotten.
     *
     * @param name its name or its service id
     * @return false if a call of it was given up and has not returned: it is let in when that does
     */
    boolean readmit(String name);

    /**
     * A plug-in that is not called.
     *
     * @param name its name
     * @param serviceId its {@code service.id}
     * @param bundle symbolic name of its bundle, or {@code -}
     * @param bundleId its bundle's id, or -1
     * @param why the reason, and when it is let back in
     */
    record Out(String name, long serviceId, String bundle, long bundleId, String why) {}
}
