package io.faultline.riscv.internal;

import static io.faultline.fault.FaultBits.EXEC;
import static io.faultline.fault.FaultBits.READ;
import static io.faultline.fault.FaultBits.STAGE_1;
import static io.faultline.fault.FaultBits.STAGE_2;
import static io.faultline.fault.FaultBits.WRITE;

import io.faultline.fault.Reason;

/**
 * What a CAUSE says. Hardware does not tell a missing page from a forbidden one.
 *
 * <p>Source: RISC-V IOMMU 1.0, "Fault/Event-Queue", fault record cause encodings.
 *
 * @param reason in neutral words
 * @param access what the cause says that was asked for: 0 if nothing
 * @param stage the bit of the stage of translation that faulted, or 0
 * @param meaning the document's words
 */
record FaultCause(Reason reason, int access, int stage, String meaning) {
    /** The cause of the unit's own interrupts: iotval is the address of the message. */
    static final int MSI_WRITE = 273;

    /** CAUSE has 12 bits. */
    static final int MAX = 0xfff;

    private static final int CUSTOM_MIN = 2048;

    private static final String TABLE =
            """
              1 | x | ACCESS_FAULT        | instruction access fault
              4 | r | MISALIGNED          | read address misaligned
              5 | r | ACCESS_FAULT        | read access fault
              6 | w | MISALIGNED          | write/AMO address misaligned
              7 | w | ACCESS_FAULT        | write/AMO access fault
             12 | x | PAGE_FAULT          | instruction page fault
             13 | r | PAGE_FAULT          | read page fault
             15 | w | PAGE_FAULT          | write/AMO page fault
             20 | x | GUEST_PAGE_FAULT    | instruction guest-page fault
             21 | r | GUEST_PAGE_FAULT    | read guest-page fault
             23 | w | GUEST_PAGE_FAULT    | write/AMO guest-page fault
            256 | - | TRANSLATION_BLOCKED | all inbound transactions disallowed (ddtp mode Off)
            257 | - | TABLE_FETCH         | device directory entry load access fault
            258 | - | BAD_CONFIG          | device directory entry not valid
            259 | - | BAD_CONFIG          | device directory entry misconfigured
            260 | - | TRANSLATION_BLOCKED | transaction type disallowed
            261 | - | TABLE_FETCH         | MSI page table entry load access fault
            262 | - | INTERRUPT_REMAP     | MSI page table entry not valid
            263 | - | INTERRUPT_REMAP     | MSI page table entry misconfigured
            264 | - | TABLE_FETCH         | MRIF access fault
            265 | - | PASID_TABLE_FETCH   | process directory entry load access fault
            266 | - | BAD_PASID_ENTRY     | process directory entry not valid
            267 | - | BAD_PASID_ENTRY     | process directory entry misconfigured
            268 | - | HARDWARE_ERROR      | device directory data corruption
            269 | - | HARDWARE_ERROR      | process directory data corruption
            270 | - | HARDWARE_ERROR      | MSI page table data corruption
            271 | - | HARDWARE_ERROR      | MRIF data corruption
            272 | - | HARDWARE_ERROR      | internal data path error
            273 | - | HARDWARE_ERROR      | access fault on writing an interrupt message of the IOMMU itself
            274 | - | HARDWARE_ERROR      | first/second-stage page table data corruption
            """;

    private static final FaultCause RESERVED =
            new FaultCause(Reason.UNKNOWN, 0, 0, "reserved cause");

    private static final FaultCause CUSTOM = new FaultCause(Reason.UNKNOWN, 0, 0, "custom cause");

    private static final FaultCause[] BY_NUMBER = byNumber();

    private static FaultCause[] byNumber() {
        FaultCause[] causes = new FaultCause[MAX + 1];
        for (int number = 0; number <= MAX; number++) {
            causes[number] = number < CUSTOM_MIN ? RESERVED : CUSTOM;
        }
        TABLE.lines().map(row -> row.split("\\|")).forEach(row -> read(row, causes));
        return causes;
    }

    private static void read(String[] row, FaultCause[] causes) {
        Reason reason = Reason.valueOf(row[2].strip());
        int access =
                switch (row[1].strip()) {
                    case "x" -> EXEC;
                    case "r" -> READ;
                    case "w" -> WRITE;
                    default -> 0;
                };
        int stage =
                switch (reason) {
                    case PAGE_FAULT -> STAGE_1;
                    case GUEST_PAGE_FAULT -> STAGE_2;
                    default -> 0;
                };
        causes[Integer.parseInt(row[0].strip())] =
                new FaultCause(reason, access, stage, row[3].strip());
    }

    /**
     * The entry of a number.
     *
     * @param number 0 to {@link #MAX}
     */
    static FaultCause of(int number) {
        return BY_NUMBER[number];
    }

    /** Whether iotval2 is a guest physical address. */
    boolean isGuestPageFault() {
        return stage == STAGE_2;
    }
}
