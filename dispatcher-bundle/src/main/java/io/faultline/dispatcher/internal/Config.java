package io.faultline.dispatcher.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * What can be configured, under the PID {@code io.faultline.dispatcher}; {@link Settings} checks
 * it.
 */
@ObjectClassDefinition(
        name = "Faultline dispatcher",
        description = "Lanes, chains, outstanding page requests and their bounds")
@interface Config {
    /** The configuration's PID. */
    String PID = "io.faultline.dispatcher";

    @AttributeDefinition(
            name = "Handler limit",
            description = "A handler call that lasts longer counts as blocked (ms)",
            min = "10",
            max = "3500")
    int handler_limit_ms() default 1000;

    @AttributeDefinition(
            name = "Handler failures",
            description = "Throws in a row after which a handler is taken out of the chain",
            min = "1",
            max = "1000000")
    int handler_failures() default 100;

    @AttributeDefinition(
            name = "Handler blocks",
            description = "Blocked calls after which a handler is taken out of the chain",
            min = "1",
            max = "1000")
    int handler_blocks() default 3;

    @AttributeDefinition(
            name = "Pending groups of a unit",
            description = "Outstanding groups, unless the unit says what its hardware can have",
            min = "1",
            max = "65536")
    int pending_limit_unit() default 4096;

    @AttributeDefinition(
            name = "Pending groups of a device",
            description = "Outstanding groups, unless the unit says what its hardware can have",
            min = "1",
            max = "65536")
    int pending_limit_device() default 512;

    @AttributeDefinition(
            name = "Partial page requests of a device",
            description = "Page requests that wait for the last one of their group",
            min = "1",
            max = "65536")
    int partial_limit_device() default 512;

    @AttributeDefinition(
            name = "Age of partial groups",
            description = "A group whose last request has not come by then is dropped (ms)",
            min = "100",
            max = "600000")
    int partial_age_ms() default 10000;

    @AttributeDefinition(
            name = "Deadline of page requests",
            description = "A group not answered by then is answered INVALID (ms)",
            min = "10",
            max = "600000")
    int response_deadline_ms() default 10000;

    @AttributeDefinition(
            name = "Deadline of stalls",
            description = "A stall not answered by then is answered INVALID (ms)",
            min = "10",
            max = "600000")
    int stall_deadline_ms() default 1000;

    @AttributeDefinition(
            name = "Overload policy",
            description = "How groups over a bound are answered",
            options = {
                @Option(label = "ask again", value = "retry"),
                @Option(label = "refuse", value = "invalid")
            })
    String overload_policy() default "retry";

    @AttributeDefinition(
            name = "Overload retries",
            description = "How often a device may be told to ask again before it is refused",
            min = "0",
            max = "65536")
    int overload_retries() default 64;

    @AttributeDefinition(
            name = "Batch limit",
            description = "Records read in one go at most",
            min = "1",
            max = "65536")
    int batch_limit() default 256;

    @AttributeDefinition(
            name = "Queue limit",
            description = "The largest queue granted to a tap or guest; a power of two",
            min = "2",
            max = "1048576")
    int queue_limit() default 65536;

    @AttributeDefinition(
            name = "Device share",
            description = "What one device may hold of any bounded place while others need it",
            min = "0",
            max = "1")
    double device_share() default 0.25;

    @AttributeDefinition(
            name = "Devices limit",
            description = "Devices with counters of their own, for each queue",
            min = "1",
            max = "1048576")
    int devices_limit() default 4096;

    @AttributeDefinition(
            name = "Shutdown grace",
            description = "What handlers get to answer when a unit or the platform leaves (ms)",
            min = "0",
            max = "3500")
    int shutdown_grace_ms() default 2000;

    @AttributeDefinition(
            name = "Linger",
            description =
                    "How long a lane goes on looking at the hardware after it had work, the"
                            + " interrupt held back where that can be done (us); 0: not at all",
            min = "0",
            max = "100000")
    int linger_us() default 500;
}
