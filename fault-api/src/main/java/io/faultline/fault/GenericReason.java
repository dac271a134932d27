package io.faultline.fault;

/**
 * The nine generic reasons of Linux' {@code enum iommu_fault_reason} (include/uapi/linux/iommu.h,
 * 5.3 to 6.8). The numbers are part of the program's output; write the names, not the numbers, into
 * anything that lasts.
 */
public enum GenericReason {
    /** No generic word fits, or the hardware does not say. */
    UNKNOWN(0),
    /** The PASID table could not be read. */
    PASID_FETCH(1),
    /** The PASID table entry is invalid or misconfigured. */
    BAD_PASID_ENTRY(2),
    /** The PASID is out of range or not supported. */
    PASID_INVALID(3),
    /** A page table walk was aborted. */
    WALK_EABT(4),
    /** No valid page table entry: the ordinary "not mapped". */
    PTE_FETCH(5),
    /** The entry does not grant the access. */
    PERMISSION(6),
    /** The access flag is clear and could not be set. */
    ACCESS(7),
    /** An address beyond the supported range. */
    OOR_ADDRESS(8);

    private final int code;

    GenericReason(int code) {
        this.code = code;
    }

    /**
     * The number of this reason.
     *
     * @return 0 to 8
     */
    public int code() {
        return code;
    }
}
