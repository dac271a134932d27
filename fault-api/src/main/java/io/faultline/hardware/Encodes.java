package io.faultline.hardware;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Says whose answers a {@link ResponseEncoder} encodes. */
@ComponentPropertyType
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Encodes {
    /** The prefix of the service properties. */
    String PREFIX_ = "faultline.";

    /**
     * The architecture.
     *
     * @return its word, for example {@code smmuv3}; the service property is {@link Decodes#ARCH}
     */
    String arch();
}
