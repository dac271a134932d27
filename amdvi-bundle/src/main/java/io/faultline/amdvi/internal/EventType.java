package io.faultline.amdvi.internal;

import io.faultline.fault.Reason;
import java.util.Arrays;

/**
 * What an event is about, under the names that Linux prints.
 *
 * <p>Source: AMD IOMMU specification (48882), "Event Log Entries".
 */
enum EventType {
    ILLEGAL_DEV_TABLE_ENTRY(0x1, Reason.BAD_CONFIG, Address.INPUT, "bad device table entry"),
    /** Why is in the flags. */
    IO_PAGE_FAULT(0x2, Reason.UNKNOWN, Address.INPUT, "I/O page fault"),
    DEV_TAB_HARDWARE_ERROR(
            0x3, Reason.TABLE_FETCH, Address.FETCH, "device table entry could not be read"),
    PAGE_TAB_HARDWARE_ERROR(
            0x4, Reason.WALK_FETCH, Address.FETCH, "page table entry could not be read"),
    ILLEGAL_COMMAND_ERROR(0x5, Reason.COMMAND, Address.COMMAND, "illegal command"),
    COMMAND_HARDWARE_ERROR(0x6, Reason.COMMAND_FETCH, Address.COMMAND, "command could not be read"),
    IOTLB_INV_TIMEOUT(0x7, Reason.INVALIDATION_TIMEOUT, Address.COMMAND, "invalidation time-out"),
    INVALID_DEVICE_REQUEST(0x8, Reason.TRANSLATION_BLOCKED, Address.INPUT, "invalid request"),
    INVALID_PPR_REQUEST(0x9, Reason.PAGE_REQUEST_INVALID, Address.INPUT, "invalid page request"),
    EVENT_COUNTER_ZERO(0xa, Reason.COUNTER, Address.NOTE, "event counter at zero"),
    RMP_PAGE_FAULT(
            0xd, Reason.MEMORY_PROTECTION, Address.INPUT, "refused by the reverse map table"),
    RMP_HW_ERROR(0xe, Reason.MEMORY_PROTECTION, Address.INPUT, "error of the reverse map table"),
    /** Reserved, newer than this table, or not told. */
    OTHER(EventType.NOT_TOLD, Reason.UNKNOWN, Address.INPUT, "event");

    /** The code of an event that a line does not name. */
    static final int NOT_TOLD = -1;

    /** What the second quadword is. */
    enum Address {
        /** The address that the device asked for. */
        INPUT,
        /** The physical address of the table entry. */
        FETCH,
        /** The physical address of the command. */
        COMMAND,
        /** A counter's note. */
        NOTE
    }

    /** Bits of a command's address that are reserved in IOTLB_INV_TIMEOUT. */
    private static final long COMMAND_RESERVED = 0xf;

    /** Bits of the address that RMP_HW_ERROR does not give. */
    private static final long RMP_RESERVED = 0x7;

    private static final EventType[] BY_CODE = byCode();

    private final int code;
    private final Reason reason;
    private final Address address;
    private final String meaning;

    EventType(int code, Reason reason, Address address, String meaning) {
        this.code = code;
        this.reason = reason;
        this.address = address;
        this.meaning = meaning;
    }

    private static EventType[] byCode() {
        EventType[] types = new EventType[0x10];
        Arrays.fill(types, OTHER);
        for (EventType type : values()) {
            if (type.code >= 0) {
                types[type.code] = type;
            }
        }
        return types;
    }

    /**
     * The type of a code.
     *
     * @param code 0 to 15, or {@link #NOT_TOLD}
     * @return never null
     */
    static EventType of(int code) {
        return code == NOT_TOLD ? OTHER : BY_CODE[code];
    }

    int code() {
        return code;
    }

    Address address() {
        return address;
    }

    String meaning() {
        return meaning;
    }

    /** Why, in neutral words. */
    Reason reason(int flags) {
        if (this != IO_PAGE_FAULT) {
            return reason;
        }
        if (EventFlags.is(flags, EventFlags.I)) {
            return Reason.INTERRUPT_REMAP;
        }
        if (EventFlags.is(flags, EventFlags.RZ)) {
            return Reason.RESERVED_BITS;
        }
        return EventFlags.is(flags, EventFlags.PR) ? Reason.PERMISSION : Reason.NOT_PRESENT;
    }

    /** Whether the entry names a device. */
    boolean hasDevice() {
        return this != ILLEGAL_COMMAND_ERROR
                && this != COMMAND_HARDWARE_ERROR
                && this != EVENT_COUNTER_ZERO;
    }

    /** Whether bits 47:32 are the domain, or with GN the PASID. */
    boolean hasDomain() {
        return this == IO_PAGE_FAULT || this == PAGE_TAB_HARDWARE_ERROR;
    }

    /** Whether the flags say what was asked for. */
    boolean hasAccess() {
        return code >= ILLEGAL_DEV_TABLE_ENTRY.code && code <= PAGE_TAB_HARDWARE_ERROR.code;
    }

    /** Whether GN among the flags says that there is a PASID. */
    boolean hasPasid() {
        return this == ILLEGAL_DEV_TABLE_ENTRY || hasDomain() || this == INVALID_DEVICE_REQUEST;
    }

    /** Whether two bits of the flags say what went wrong with the memory access. */
    boolean hasErrorType() {
        return this == DEV_TAB_HARDWARE_ERROR
                || this == PAGE_TAB_HARDWARE_ERROR
                || this == COMMAND_HARDWARE_ERROR;
    }

    /** Whether bits 47:32 are the tag of a guest (VMG). */
    boolean hasGuestTag() {
        return this == RMP_PAGE_FAULT || this == RMP_HW_ERROR;
    }

    /** The address without bits that do not belong to it. */
    long address(long q1) {
        return switch (this) {
            case IOTLB_INV_TIMEOUT -> q1 & ~COMMAND_RESERVED;
            case RMP_HW_ERROR -> q1 & ~RMP_RESERVED;
            default -> q1;
        };
    }
}
