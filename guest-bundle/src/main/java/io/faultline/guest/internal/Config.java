package io.faultline.guest.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured, under the PID {@code io.faultline.guest}; {@link Settings} checks it. */
@ObjectClassDefinition(
        name = "Faultline guests",
        description = "Hands devices' faults to other processes")
@interface Config {
    /** The configuration's PID. */
    String PID = "io.faultline.guest";

    @AttributeDefinition(
            name = "Socket",
            description =
                    "Path of the Unix socket; empty: guest.sock in the state folder. Read when the"
                            + " bundle starts")
    String socket() default "";

    @AttributeDefinition(
            name = "Users",
            description =
                    "Users who may connect; empty: the one Faultline runs as, and root. The socket"
                            + " is that one's alone (mode 0600), so no others can be added, but"
                            + " these be left out")
    String[] users() default {};

    @AttributeDefinition(
            name = "Sessions limit",
            description = "Sessions at once",
            min = "1",
            max = "1024")
    int sessions_limit() default 64;

    @AttributeDefinition(
            name = "Claims limit",
            description = "Devices of one session",
            min = "1",
            max = "256")
    int claims_limit() default 64;

    @AttributeDefinition(
            name = "Group limit",
            description = "Requests in the largest group that is delivered",
            min = "1",
            max = "1024")
    int group_limit() default 512;

    @AttributeDefinition(
            name = "Wake-up delay",
            description = "Longest time until a guest is woken for what waits (ms)",
            min = "1",
            max = "1000")
    int wake_ms() default 10;

    @AttributeDefinition(
            name = "Pause limit",
            description = "Longest pause of a claim (ms)",
            min = "0",
            max = "600000")
    int pause_limit_ms() default 10_000;

    @AttributeDefinition(
            name = "Reconnect time",
            description = "How long the devices of a guest that is gone wait for it (ms)",
            min = "100",
            max = "600000")
    int reconnect_ms() default 5_000;

    @AttributeDefinition(
            name = "Handover time",
            description =
                    "How long sessions and their page requests wait for the next version when this"
                            + " bundle is updated (ms); 0: guests see a clean end",
            min = "0",
            max = "60000")
    int handover_ms() default 2_000;

    @AttributeDefinition(
            name = "FAILURE devices",
            description =
                    "Physical functions whose guests may answer FAILURE, which ends a device's page"
                            + " requests: unit and device each, as in 'dmar0 3b:00.0'. A virtual"
                            + " function that fails would end those of all others with it")
    String[] failure_devices() default {};
}
