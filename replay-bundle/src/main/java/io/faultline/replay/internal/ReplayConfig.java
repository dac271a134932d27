package io.faultline.replay.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What tools show of the keys that {@link Replayed} reads. The component does not read them through
 * this type: it would turn {@code loop=yes} into false without a word.
 */
@ObjectClassDefinition(
        name = "Faultline replay",
        description = "Plays a recorded queue dump or kernel log, one configuration each")
@interface ReplayConfig {
    @AttributeDefinition(
            description =
                    "A kernel log (text), or a dump of queue memory: NAME.bin, NAME.hex, or text that"
                            + " begins with '# arch:queue' and has a record a line in hex")
    String file();

    @AttributeDefinition(
            description =
                    "'max', 'recorded' (what has times), or records a second: 1 to 1000000000")
    String rate() default "max";

    @AttributeDefinition(description = "Begin again at the end, for ever")
    boolean loop() default false;

    @AttributeDefinition(
            required = false,
            description =
                    "Of what queue a dump is, for example 'smmuv3:evtq'. If it is not set: NAME.json"
                            + " beside it, its '# arch:queue' line, or its name (smmuv3-*, vtd-*-prq)")
    String queue() default "";

    @AttributeDefinition(
            required = false,
            description = "A file for what goes to the command queue: a line of JSON each")
    String responses() default "";

    @AttributeDefinition(
            required = false,
            description = "The unit's name; by default the file's, without its ending")
    String unit() default "";
}
