package io.faultline.fault;

/**
 * Why a transaction faulted, in words that no architecture owns. Each reason has the {@linkplain
 * #generic() generic} one that Linux would name, and the {@linkplain #word() word} that the program
 * prints as {@code detail}.
 *
 * <p>The set covers Arm SMMUv3, Intel VT-d, AMD-Vi, RISC-V and virtio-iommu; what hardware says
 * beyond it is in {@link Fault#code()} and {@link Fault#raw(int)}.
 */
public enum Reason {
    /** Not told, reserved, or not in this set. */
    UNKNOWN(GenericReason.UNKNOWN),
    /** No valid page table entry for the address. */
    NOT_PRESENT(GenericReason.PTE_FETCH),
    /** A page fault where missing page and missing right are not told apart. */
    PAGE_FAULT(GenericReason.PTE_FETCH),
    /** The same for a second-stage (guest) page. */
    GUEST_PAGE_FAULT(GenericReason.PTE_FETCH),
    /** No mapping, a missing right or a reserved region; the source does not tell which. */
    MAPPING(GenericReason.PTE_FETCH),
    /** The entry does not grant the access. */
    PERMISSION(GenericReason.PERMISSION),
    /** A protection table beside the page tables refuses the access (AMD reverse map table). */
    MEMORY_PROTECTION(GenericReason.PERMISSION),
    /** The access or dirty flag is clear and was not, or could not be, set. */
    ACCESS_FLAG(GenericReason.ACCESS),
    /** An address beyond the supported range, or not canonical. */
    ADDRESS_SIZE(GenericReason.OOR_ADDRESS),
    /** A page table entry could not be read. */
    WALK_FETCH(GenericReason.WALK_EABT),
    /** Physical memory refused the access of the walk or of the transaction. */
    ACCESS_FAULT(GenericReason.WALK_EABT),
    /** The PASID is out of range or not enabled. */
    PASID_INVALID(GenericReason.PASID_INVALID),
    /** The PASID table entry is absent or badly programmed. */
    BAD_PASID_ENTRY(GenericReason.BAD_PASID_ENTRY),
    /** The PASID directory or table could not be read. */
    PASID_TABLE_FETCH(GenericReason.PASID_FETCH, "TABLE_FETCH"),
    /** A configuration table other than the PASID table could not be read. */
    TABLE_FETCH(GenericReason.UNKNOWN),
    /** A configuration entry is absent or badly programmed. */
    BAD_CONFIG(GenericReason.UNKNOWN),
    /** A reserved bit is set in a page table entry. */
    RESERVED_BITS(GenericReason.UNKNOWN),
    /** This kind of request is not enabled for the device. */
    TRANSLATION_BLOCKED(GenericReason.UNKNOWN),
    /** An output address in the interrupt address range. */
    INTERRUPT_RANGE(GenericReason.UNKNOWN),
    /** An interrupt request that remapping refuses. */
    INTERRUPT_REMAP(GenericReason.UNKNOWN),
    /** A misaligned access. */
    MISALIGNED(GenericReason.UNKNOWN),
    /** Two cached translations or configurations contradict each other. */
    CONFLICT(GenericReason.UNKNOWN),
    /** A transaction of a kind that the unit does not support. */
    UNSUPPORTED(GenericReason.UNKNOWN),
    /** Corrupt data, a poisoned path or another error of the unit itself. */
    HARDWARE_ERROR(GenericReason.UNKNOWN),
    /** The unit met a command that it does not know. */
    COMMAND(GenericReason.UNKNOWN),
    /** The unit could not read a command. */
    COMMAND_FETCH(GenericReason.UNKNOWN),
    /** A device did not answer an invalidation in time. */
    INVALIDATION_TIMEOUT(GenericReason.UNKNOWN),
    /** A page request that the unit refused by itself. */
    PAGE_REQUEST_INVALID(GenericReason.UNKNOWN),
    /** A performance counter note; not a failure. */
    COUNTER(GenericReason.UNKNOWN);

    private final GenericReason generic;
    private final String word;

    Reason(GenericReason generic) {
        this.generic = generic;
        this.word = name();
    }

    Reason(GenericReason generic, String word) {
        this.generic = generic;
        this.word = word;
    }

    /**
     * The generic reason that stands for this one.
     *
     * @return never null
     */
    public GenericReason generic() {
        return generic;
    }

    /**
     * The word that output uses for this reason; {@link #PASID_TABLE_FETCH} and {@link
     * #TABLE_FETCH} share one.
     *
     * @return for example {@code NOT_PRESENT}
     */
    public String word() {
        return word;
    }
}
