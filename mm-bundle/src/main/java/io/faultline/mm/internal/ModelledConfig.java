package io.faultline.mm.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What one modelled space is made of; {@link SpaceSettings} checks it. */
@ObjectClassDefinition(
        name = "Faultline modelled address space",
        description = "Areas and a page table in memory, without contents")
@interface ModelledConfig {
    /** The factory's PID; each configuration is a space. */
    String PID = "io.faultline.mm.modelled";

    @AttributeDefinition(name = "Name", description = "No other space has it")
    String name();

    @AttributeDefinition(
            name = "Bindings",
            description = "Whose accesses go to it: unit=smmu0 requester=00:04.0 pasid=7 stage=1")
    String[] bindings() default {};

    @AttributeDefinition(
            name = "Areas",
            description = "As in /proc/PID/maps: 400000-452000 r-xp; a fifth letter k: privileged")
    String[] areas() default {};

    @AttributeDefinition(
            name = "Layout",
            description = "A file with more areas in the form of /proc/PID/maps")
    String layout() default "";

    @AttributeDefinition(
            name = "Scripts",
            description =
                    "What goes wrong: fail 3 out_of_memory, fail 0x1000-0x1fff io_error, block"
                            + " 0x1000-0x1fff")
    String[] scripts() default {};

    @AttributeDefinition(
            name = "May block",
            description = "Whether it is asked in a pool instead of on a lane")
    boolean may_block() default false;

    @AttributeDefinition(
            name = "Page size",
            description = "A power of two (bytes)",
            min = "4096",
            max = "1073741824")
    int page_bytes() default 4096;

    @AttributeDefinition(
            name = "Table limit",
            description = "What its page tables may take (bytes)",
            min = "4096")
    long table_limit_bytes() default 16777216;

    @AttributeDefinition(
            name = "Memory limit",
            description = "Pages of memory that it may take",
            min = "1")
    long memory_limit_pages() default Long.MAX_VALUE;

    @AttributeDefinition(
            name = "Log entries",
            description = "How many page-ins it remembers: a power of two",
            min = "1",
            max = "1048576")
    int log_entries() default 4096;
}
