package io.faultline.hardware;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Says which records a {@link RecordDecoder} decodes. Both words together are what {@code --raw}
 * takes: {@code smmuv3:evtq}.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Decodes {
    /** The prefix of the service properties. */
    String PREFIX_ = "faultline.";

    /** The service property of {@link #arch()}, for those who register by hand. */
    String ARCH = "faultline.arch";

    /** The service property of {@link #queue()}, for those who register by hand. */
    String QUEUE = "faultline.queue";

    /**
     * The architecture.
     *
     * @return its word, for example {@code smmuv3}
     */
    String arch();

    /**
     * The kind of queue.
     *
     * @return its word, for example {@code evtq}
     */
    String queue();
}
