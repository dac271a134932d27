package io.faultline.qemu.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What tools show of the keys that {@link MachineSettings} reads; keys that begin with {@code
 * driver.} go to the unit's driver.
 */
@ObjectClassDefinition(
        name = "Faultline QEMU",
        description = "An emulated IOMMU, one configuration each")
@interface QemuConfig {
    @AttributeDefinition(description = "smmuv3 or vtd")
    String machine() default "smmuv3";

    @AttributeDefinition(required = false, description = "The unit's name; default: qemu-MACHINE")
    String name() default "";

    @AttributeDefinition(
            required = false,
            description = "The emulator, a path or a name on the PATH; default: Debian's")
    String qemu() default "";

    @AttributeDefinition(
            required = false,
            description = "The qtest socket of an emulator that runs already")
    String socket() default "";

    @AttributeDefinition(required = false, description = "The file that is that emulator's RAM")
    String ram() default "";

    @AttributeDefinition(
            description = "When the emulator is ended in any case",
            min = "1",
            max = "10080")
    int limit_minutes() default 60;

    @AttributeDefinition(
            description = "How long it may take to come up (ms)",
            min = "100",
            max = "600000")
    int start_ms() default 10_000;

    @AttributeDefinition(
            description = "How long a register access may take (ms)",
            min = "10",
            max = "600000")
    int answer_ms() default 5_000;

    @AttributeDefinition(description = "Whether the unit interrupts, or its driver has to poll")
    boolean interrupts() default true;
}
