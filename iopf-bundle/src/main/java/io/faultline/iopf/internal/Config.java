package io.faultline.iopf.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured, under the PID {@code io.faultline.iopf}; {@link Settings} checks it. */
@ObjectClassDefinition(
        name = "Faultline io-pgfault",
        description = "Resolves page requests against address spaces")
@interface Config {
    /** The configuration's PID. */
    String PID = "io.faultline.iopf";

    @AttributeDefinition(
            name = "Address bits",
            description = "An IOVA must be sign-extended from this many bits",
            min = "32",
            max = "64")
    int address_bits() default 57;

    @AttributeDefinition(
            name = "Workers",
            description = "Threads for address spaces that may block",
            min = "1",
            max = "64")
    int workers() default 4;

    @AttributeDefinition(
            name = "Queue limit",
            description = "Groups that wait for one worker",
            min = "1",
            max = "65536")
    int queue_limit() default 1024;

    @AttributeDefinition(
            name = "Progress answers",
            description = "SUCCESS answers to one request, after which it is failed",
            min = "1",
            max = "1000000")
    int progress_answers() default 64;

    @AttributeDefinition(
            name = "Progress time",
            description = "Within which those answers count (ms)",
            min = "1",
            max = "600000")
    int progress_ms() default 1000;

    @AttributeDefinition(
            name = "Hint pages",
            description = "Pages brought in for one hint; 0 ignores hints",
            min = "0",
            max = "65536")
    int hint_pages() default 64;

    @AttributeDefinition(
            name = "Rehearsal",
            description =
                    "How long it may call itself with made-up groups when it is activated, so that"
                            + " its code is compiled before a lane calls it (ms); 0: not at all",
            min = "0",
            max = "1000")
    int rehearsal_ms() default 50;

    @AttributeDefinition(
            name = "Handover time",
            description =
                    "How long page requests wait for the next version when this bundle is updated"
                            + " (ms); 0: not at all. The dispatcher checks it",
            min = "0",
            max = "60000")
    int handover_ms() default 2_000;
}
