package io.faultline.queue;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Says what a {@link FaultTap} wants. */
@ComponentPropertyType
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Taps {
    /** The prefix of the service properties. */
    String PREFIX_ = "faultline.tap.";

    /** Property of {@link #kinds()}. */
    String KINDS = "faultline.tap.kinds";

    /** Property of {@link #capacity()}. */
    String CAPACITY = "faultline.tap.capacity";

    /**
     * The kinds it is shown, as words of {@link io.faultline.fault.FaultKind#word()}.
     *
     * @return at least one word
     */
    String[] kinds();

    /**
     * How many faults should fit in its queue, for each lane.
     *
     * @return a wish; what is granted is a power of two within {@code queue.limit} (R10)
     */
    int capacity() default 4096;
}
