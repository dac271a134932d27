package io.faultline.kernellog.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What tools show of the keys that {@link LiveLog} reads. */
@ObjectClassDefinition(
        name = "Faultline live kernel log",
        description = "Follows /dev/kmsg, or another log that grows")
@interface LiveLogConfig {
    /** The kernel's log. */
    String DEVICE = "/dev/kmsg";

    /** Begin with what comes. */
    String NOW = "now";

    /** Begin with what is there. */
    String START = "start";

    @AttributeDefinition(description = "The device, or a log file that is appended to")
    String path() default DEVICE;

    @AttributeDefinition(
            description = "Where to begin: 'now', or 'start' for what is there already, too")
    String from() default NOW;
}
