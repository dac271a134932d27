package io.faultline.log;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Says whose lines a {@link LineDecoder} reads. */
@ComponentPropertyType
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface LogsOf {
    /** The prefix of the service properties. */
    String PREFIX_ = "faultline.";

    /**
     * The architecture.
     *
     * @return its word, for example {@code vtd}; the service property is {@link
     *     io.faultline.hardware.Decodes#ARCH}
     */
    String arch();
}
