package io.faultline.handler;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Says which faults a {@link FaultHandler} is offered. A bad value refuses the handler with a
 * message that names component, key and value.
 *
 * <p>The constants are the service properties, for those who register by hand and for
 * configurations.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Handles {
    /** The prefix of the service properties. */
    String PREFIX_ = "faultline.";

    /** Property of {@link #kinds()}. */
    String KINDS = "faultline.kinds";

    /** Property of {@link #units()}. */
    String UNITS = "faultline.units";

    /** Property of {@link #requesters()}. */
    String REQUESTERS = "faultline.requesters";

    /** Property of {@link #pasids()}. */
    String PASIDS = "faultline.pasids";

    /** Property of {@link #observed()}. */
    String OBSERVED = "faultline.observed";

    /** Property of {@link #owner()}. */
    String OWNER = "faultline.owner";

    /**
     * The handler's name in chains, messages and commands; by default its component's name. A
     * successor with the same name takes over what waits for it (R6, handover).
     */
    String NAME = "faultline.name";

    /**
     * How long a leaver's groups wait for a successor of the same name: 0 to 60000 ms, default 0
     * (R6).
     */
    String HANDOVER_MS = "handover.ms";

    /** Names the handler whose faults this one is shown without deciding anything. */
    String SHADOW = "faultline.shadow";

    /**
     * The kinds it is offered, as words of {@link io.faultline.fault.FaultKind#word()}. There is no
     * "all": a new kind reaches nobody who does not know it.
     *
     * @return at least one word
     */
    String[] kinds();

    /**
     * The units it is offered faults of, by name.
     *
     * @return names; none: all units
     */
    String[] units() default {};

    /**
     * The requesters it is offered faults of: numbers ({@code 256}, {@code 0x100}), PCI addresses
     * ({@code 01:00.0}, {@code 0000:01:00.0}) and ranges of either ({@code 0x100-0x1ff}, {@code
     * 01:00.0-01:00.7}).
     *
     * @return numbers and ranges; none: all requesters
     */
    String[] requesters() default {};

    /**
     * The PASIDs it is offered faults of: numbers and ranges, {@code none} for faults without one.
     *
     * @return numbers and ranges; none: with any PASID or without
     */
    String[] pasids() default {};

    /**
     * Whether it is also offered faults that we are only told about, such as log lines (R18).
     *
     * @return true to be offered observed faults too
     */
    boolean observed() default false;

    /**
     * Whether its devices and PASIDs belong to somebody else than the host (R19): a guest. Page
     * requests and hints of theirs are then offered only to handlers that name the device with
     * {@link #requesters()}, since PASIDs and addresses of a guest mean nothing in spaces of the
     * host.
     *
     * @return true to own what is named; needs requesters and the kind {@code page_request}
     */
    boolean owner() default false;
}
