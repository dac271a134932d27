package io.faultline.mm.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What one mapped space is made of; {@link SpaceSettings} checks it. */
@ObjectClassDefinition(
        name = "Faultline mapped address space",
        description = "A memory mapping of a file, or of the RAM file of a running emulator")
@interface MappedConfig {
    /** The factory's PID; each configuration is a space. */
    String PID = "io.faultline.mm.mapped";

    @AttributeDefinition(name = "Name", description = "No other space has it")
    String name();

    @AttributeDefinition(name = "File", description = "What is mapped, shared")
    String file();

    @AttributeDefinition(
            name = "Writable",
            description = "Whether writes are granted; faulting in itself changes nothing")
    boolean writable() default false;

    @AttributeDefinition(
            name = "Bindings",
            description = "Whose accesses go to it: unit=smmu0 requester=00:04.0 pasid=7 stage=1")
    String[] bindings() default {};

    @AttributeDefinition(
            name = "Areas",
            description =
                    "Which addresses show what of the file, as in /proc/PID/maps: 0-80000000 rw-s"
                            + " 00000000; none: all of it from address 0")
    String[] areas() default {};

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
