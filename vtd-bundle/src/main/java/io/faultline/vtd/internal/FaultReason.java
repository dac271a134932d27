package io.faultline.vtd.internal;

import io.faultline.fault.Reason;
import java.util.Arrays;

/**
 * What the fault reason (FR) of a recording register means. Every number has an entry: one that is
 * reserved, or newer than the table, is {@link Reason#UNKNOWN} and keeps its number.
 *
 * <p>Source: Intel VT-d, "Translation Fault Conditions"; the texts are those of Linux' {@code
 * dmar.c}, which calls the stages levels.
 *
 * @param condition the condition's id, or null
 * @param reason in neutral words
 * @param qualified whether the FPD bit of the entry used can keep it from being reported; null if
 *     that is not known
 * @param meaning in words for people
 * @param linuxText what Linux prints behind {@code [fault reason ..]}; null where that is "Unknown"
 */
record FaultReason(
        String condition, Reason reason, Boolean qualified, String meaning, String linuxText) {
    /** The number of a fault whose reason the source does not tell. */
    static final int NOT_TOLD = -1;

    /**
     * FR, condition id, qualified, reason, meaning, Linux' text. Legacy mode (01 to 0e) does not
     * tell a missing page from a missing right: an absent entry has neither right.
     */
    private static final String TABLE =
            """
            00 | -      | no  | UNKNOWN             | reserved (software) | Software
            01 | LRT.2  | no  | BAD_CONFIG          | root entry not present | Present bit in root entry is clear
            02 | LCT.2  | yes | BAD_CONFIG          | context entry not present | Present bit in context entry is clear
            03 | LCT.4  | yes | BAD_CONFIG          | invalid programming of the context entry | Invalid context entry
            04 | LGN.1  | yes | ADDRESS_SIZE        | address beyond the guest address width | Access beyond MGAW
            05 | LGN.2  | yes | PERMISSION          | no write permission, or not mapped | PTE Write access is not set
            06 | LGN.3  | yes | PERMISSION          | no read permission, or not mapped | PTE Read access is not set
            07 | LSL.1  | yes | WALK_FETCH          | paging entry could not be fetched | Next page table ptr is invalid
            08 | LRT.1  | no  | TABLE_FETCH         | root entry could not be fetched | Root table address invalid
            09 | LCT.1  | no  | TABLE_FETCH         | context entry could not be fetched | Context table ptr is invalid
            0a | LRT.3  | no  | BAD_CONFIG          | reserved field set in a present root entry | non-zero reserved fields in RTP
            0b | LCT.3  | yes | BAD_CONFIG          | reserved field set in a present context entry | non-zero reserved fields in CTP
            0c | LSL.2  | yes | RESERVED_BITS       | reserved field set in a paging entry | non-zero reserved fields in PTE
            0d | LCT.5  | yes | TRANSLATION_BLOCKED | request blocked by the context entry's translation type | PCE for translation request specifies blocking
            0e | LGN.4  | yes | INTERRUPT_RANGE     | output address in the interrupt address range | -
            20 | -      | no  | INTERRUPT_REMAP     | reserved field set in the remappable request | Detected reserved fields in the decoded interrupt-remapped request
            21 | -      | no  | INTERRUPT_REMAP     | interrupt index beyond the table | Interrupt index exceeded the interrupt-remapping table size
            22 | -      | yes | BAD_CONFIG          | IRTE not present | Present field in the IRTE entry is clear
            23 | -      | no  | TABLE_FETCH         | IRTE could not be fetched | Error accessing interrupt-remapping table pointed by IRTA_REG
            24 | -      | yes | BAD_CONFIG          | reserved field set in a present IRTE | Detected reserved fields in the IRTE entry
            25 | -      | no  | INTERRUPT_REMAP     | compatibility-format interrupt blocked | Blocked a compatibility format interrupt request
            26 | -      | yes | INTERRUPT_REMAP     | source-id verification failed | Blocked an interrupt request due to source-id verification failure
            27 | -      | yes | TABLE_FETCH         | posted-interrupt descriptor could not be fetched | -
            28 | -      | yes | BAD_CONFIG          | reserved field set in the posted-interrupt descriptor | -
            29 | -      | no  | INTERRUPT_REMAP     | interrupt request of a kind not allowed | -
            30 | RTA.1  | no  | BAD_CONFIG          | root table address register badly programmed | SM: Invalid Root Table Address
            31 | RTA.2  | no  | BAD_CONFIG          | request with PASID while the translation table mode is legacy | SM: TTM 0 for request with PASID
            32 | RTA.3  | no  | BAD_CONFIG          | page request while the translation table mode is legacy | SM: TTM 0 for page group request
            33 | RTA.4  | no  | BAD_CONFIG          | the translation table mode does not allow the request | -
            38 | SRT.1  | no  | TABLE_FETCH         | scalable-mode root entry could not be fetched | SM: Error attempting to access Root Entry
            39 | SRT.2  | no  | BAD_CONFIG          | scalable-mode root entry half not present | SM: Present bit in Root Entry is clear
            3a | SRT.3  | no  | BAD_CONFIG          | reserved field set in scalable-mode root entry | SM: Non-zero reserved field set in Root Entry
            40 | SCT.1  | no  | TABLE_FETCH         | scalable-mode context entry could not be fetched | SM: Error attempting to access Context Entry
            41 | SCT.2  | yes | BAD_CONFIG          | scalable-mode context entry not present | SM: Present bit in Context Entry is clear
            42 | SCT.3  | yes | BAD_CONFIG          | reserved field set in scalable-mode context entry | SM: Non-zero reserved field set in the Context Entry
            43 | SCT.4  | yes | BAD_CONFIG          | invalid programming of scalable-mode context entry | SM: Invalid Context Entry
            44 | SCT.5  | yes | TRANSLATION_BLOCKED | translation or translated request while the device-TLB is not enabled (DTE) | SM: DTE field in Context Entry is clear
            45 | SCT.6  | yes | PASID_INVALID       | request with PASID while PASIDs are not enabled (PASIDE) | SM: PASID Enable field in Context Entry is clear
            46 | SCT.7  | yes | PASID_INVALID       | PASID beyond the PASID directory size | SM: PASID is larger than the max in Context Entry
            47 | SCT.8  | yes | TRANSLATION_BLOCKED | page request while page requests are not enabled (PRE) | SM: PRE field in Context-Entry is clear
            48 | SCT.9  | yes | BAD_CONFIG          | RID_PASID / RID_PRIV error | SM: RID_PASID field error in Context-Entry
            50 | SPD.1  | no  | PASID_TABLE_FETCH   | PASID directory entry could not be fetched | SM: Error attempting to access the PASID Directory Entry
            51 | SPD.2  | yes | BAD_PASID_ENTRY     | PASID directory entry not present | SM: Present bit in Directory Entry is clear
            52 | SPD.3  | yes | BAD_PASID_ENTRY     | reserved field set in PASID directory entry | SM: Non-zero reserved field set in PASID Directory Entry
            58 | SPT.1  | no  | PASID_TABLE_FETCH   | PASID table entry could not be fetched | SM: Error attempting to access PASID Table Entry
            59 | SPT.2  | yes | BAD_PASID_ENTRY     | PASID table entry not present | SM: Present bit in PASID Table Entry is clear
            5a | SPT.3  | yes | BAD_PASID_ENTRY     | reserved field set in PASID table entry | SM: Non-zero reserved field set in PASID Table Entry
            5b | SPT.4  | yes | BAD_PASID_ENTRY     | invalid programming of PASID table entry | SM: Invalid Scalable-Mode PASID Table Entry
            5c | SPT.5  | yes | PERMISSION          | execute requested but not enabled (ERE) | SM: ERE field is clear in PASID Table Entry
            5d | SPT.6  | yes | PERMISSION          | supervisor requested but not enabled (SRE) | SM: SRE field is clear in PASID Table Entry
            70 | SFS.1  | yes | WALK_FETCH          | first-stage paging entry could not be fetched | SM: Error attempting to access first-level paging entry
            71 | SFS.2  | yes | NOT_PRESENT         | first-stage paging entry not present | SM: Present bit in first-level paging entry is clear
            72 | SFS.3  | yes | RESERVED_BITS       | reserved field set in first-stage entry | SM: Non-zero reserved field set in first-level paging entry
            73 | SFS.4  | yes | WALK_FETCH          | top first-stage entry could not be fetched | SM: Error attempting to access FL-PML4 entry
            74 | SFS.5  | yes | ADDRESS_SIZE        | nested: first-stage entry's address beyond guest address width | SM: First-level entry address beyond MGAW in Nested translation
            75 | SFS.6  | yes | PERMISSION          | nested: no second-stage read permission for top first-stage entry | SM: Read permission error in FL-PML4 entry in Nested translation
            76 | SFS.7  | yes | PERMISSION          | nested: no second-stage read permission for first-stage entry | SM: Read permission error in first-level paging entry in Nested translation
            77 | SFS.8  | yes | PERMISSION          | nested: no second-stage write permission for the accessed/dirty update | SM: Write permission error in first-level paging entry in Nested translation
            78 | SSS.1  | yes | WALK_FETCH          | second-stage paging entry could not be fetched | SM: Error attempting to access second-level paging entry
            79 | SSS.2  | yes | PERMISSION          | no second-stage read or write permission | SM: Read/Write permission error in second-level paging entry
            7a | SSS.3  | yes | RESERVED_BITS       | reserved field set in second-stage entry | SM: Non-zero reserved field set in second-level paging entry
            7b | SSS.4  | yes | WALK_FETCH          | second-stage table pointer invalid | SM: Invalid second-level page table pointer
            7c | SSS.5  | yes | ACCESS_FLAG         | second-stage accessed/dirty update needed but not possible | SM: A/D bit update needed in second-level entry when set up in no snoop
            7d | SSS.6  | yes | ACCESS_FLAG         | second-stage accessed/dirty update failed | -
            80 | SGN.1  | yes | ADDRESS_SIZE        | first-stage input address not canonical | SM: Address in first-level translation is not canonical
            81 | SGN.2  | yes | PERMISSION          | user access to a supervisor first-stage page | SM: U/S set 0 for first-level translation with user privilege
            82 | SGN.3  | yes | PERMISSION          | no execute permission | SM: No execute permission for request with PASID and ER=1
            83 | SGN.4  | yes | ADDRESS_SIZE        | address beyond the hardware's limit | SM: Address beyond the DMA hardware max
            84 | SGN.5  | yes | ADDRESS_SIZE        | input address beyond the second-stage address width | SM: Second-level entry address beyond the max
            85 | SGN.6  | yes | PERMISSION          | no write permission | SM: No write permission for Write/AtomicOp request
            86 | SGN.7  | yes | PERMISSION          | no read permission | SM: No read permission for Read/AtomicOp request
            87 | SGN.8  | yes | INTERRUPT_RANGE     | output address in the interrupt address range | SM: Invalid address-interrupt address
            88 | SGN.9  | -   | UNKNOWN             | further scalable-mode condition | -
            89 | SGN.10 | -   | UNKNOWN             | further scalable-mode condition | -
            90 | SFS.9  | yes | ACCESS_FLAG         | first-stage accessed/dirty update needed but not possible | SM: A/D bit update needed in first-level entry when set up in no snoop
            91 | SFS.10 | yes | ACCESS_FLAG         | first-stage accessed/dirty update failed | -
            """;

    private static final FaultReason RESERVED =
            new FaultReason(null, Reason.UNKNOWN, null, "reserved, or newer than this table", null);

    private static final FaultReason[] BY_NUMBER = byNumber();

    private static FaultReason[] byNumber() {
        FaultReason[] reasons = new FaultReason[0x100];
        Arrays.fill(reasons, RESERVED);
        TABLE.lines().forEach(row -> read(row.split("\\|", -1), reasons));
        return reasons;
    }

    private static void read(String[] row, FaultReason[] reasons) {
        String qualified = text(row[2]);
        reasons[Integer.parseInt(row[0].strip(), 16)] =
                new FaultReason(
                        text(row[1]),
                        Reason.valueOf(row[3].strip()),
                        qualified == null ? null : (Boolean) qualified.equals("yes"),
                        row[4].strip(),
                        text(row[5]));
    }

    private static String text(String column) {
        String text = column.strip();
        return text.equals("-") ? null : text;
    }

    /**
     * The entry of a number.
     *
     * @param number 0 to 255, or {@link #NOT_TOLD}
     */
    static FaultReason of(int number) {
        return number == NOT_TOLD ? RESERVED : BY_NUMBER[number];
    }

    /** Whether a number is one of interrupt remapping; the reserved ones among them count too. */
    static boolean isInterrupt(int number) {
        return (number & ~0xf) == 0x20;
    }

    /** Whether a text is what Linux prints for this reason, all of it. */
    boolean isPrintedAs(String text) {
        return text.equals(linuxText == null ? "Unknown" : linuxText);
    }

    /** Whether a text is the beginning of what Linux prints for this reason, but not all. */
    boolean isCut(String text) {
        String whole = linuxText == null ? "Unknown" : linuxText;
        return whole.startsWith(text) && whole.length() > text.length();
    }
}
