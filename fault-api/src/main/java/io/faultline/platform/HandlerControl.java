package io.faultline.platform;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What an operator does with handlers while faults flow: lets those back in that were taken out
 * (R4), and watches and promotes shadows. The dispatcher provides it as one service.
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
     * Lets a plug-in back in that threw or blocked too often, or has stepped aside for its shadow.
     * What it did before is forgotten.
     *
     * @param name its name or its service id
     * @return false if a call of it was given up and has not returned: it is let in when that does
     */
    boolean readmit(String name);

    /**
     * The handlers that are shown faults without deciding anything.
     *
     * @return a snapshot, in the order of their registration
     */
    List<ShadowView> shadows();

    /**
     * Puts a shadow in the place of the handler that it shadows, between two faults. That one steps
     * aside; what it has taken over it may still conclude, and {@link #readmit} puts it back. Lasts
     * until the shadow's service is gone or changes its properties.
     *
     * @param name the shadow's name or its service id
     * @throws IllegalStateException if the handler that it shadows is not there
     */
    void promote(String name);

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

    /**
     * A shadow. {@code shown = agreed + disagreed + open}.
     *
     * @param name its name
     * @param serviceId its {@code service.id}
     * @param of the handler that it shadows
     * @param state {@code active}, or why it is shown nothing
     * @param shown faults that it was called with
     * @param agreed verdicts that were the same, with the same response
     * @param disagreed verdicts that were not
     * @param open faults of which one of the two verdicts is missing: not concluded yet, or ended
     *     otherwise
     * @param lost faults that found no room in its queue: it is slower than they come
     * @param examples the last disagreements, the newest first: the fault, what the handler said,
     *     what the shadow said
     */
    record ShadowView(
            String name,
            long serviceId,
            String of,
            String state,
            long shown,
            long agreed,
            long disagreed,
            long open,
            long lost,
            List<String> examples) {}
}
