package io.faultline.riscv.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultClass;
import io.faultline.fault.Reason;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.testkit.Decoded;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultRecordTest {
    private static final String NONE = "0000000000000000";

    private final FaultRecord decoder = new FaultRecord();

    @Test
    void decodesAReadOfAProcess() {
        Fault fault = fault("0d50341209081000", "00f0debc9a780000", NONE);

        assertEquals(0x1008, fault.requester());
        assertEquals(0x12345, fault.pasid());
        assertEquals(Access.READ, fault.access());
        assertEquals(0x789abcdef000L, fault.iova());
        assertEquals(Reason.PAGE_FAULT, fault.reason());
        assertEquals(1, fault.stage());
    }

    @Test
    void decodesWhereAGuestPageFaultWasMet() {
        UnrecoverableFault fault =
                (UnrecoverableFault)
                        fault("170000000c080000", "0010000000000000", "0320008000000000");

        assertEquals(0x80002000L, fault.ipa());
        assertEquals(2, fault.stage());
        assertEquals(FaultClass.TABLE_WALK, fault.faultClass());
        assertEquals(Fault.NO_PASID, fault.pasid());
    }

    /** QEMU puts the address there in every record. */
    @Test
    void ignoresTheSecondAddressOfOtherFaults() {
        UnrecoverableFault fault =
                (UnrecoverableFault)
                        fault("0d00000008080000", "0030001000000000", "0330001000000000");

        assertFalse(fault.hasIpa());
        assertEquals(FaultClass.NONE, fault.faultClass());
    }

    @Test
    void namesNoDeviceForTheUnitsOwnInterrupts() {
        Fault fault = fault("1101000000000000", "0000e0fe00000000", NONE);

        assertFalse(fault.hasRequester());
        assertFalse(fault.hasIova());
        assertEquals(Reason.HARDWARE_ERROR, fault.reason());
    }

    /** Of an ATS translation request only the cause tells what was asked for. */
    @ParameterizedTest
    @CsvSource({
        "1, X", "4, R", "5, R", "6, W", "7, W", "12, X", "13, R", "15, W", "20, X", "21, R",
        "23, W", "260, -", "4095, -"
    })
    void takesTheAccessOfATranslationRequestFromTheCause(int cause, String access) {
        long dw0 = cause | 8L << 34 | 0x100L << 40;

        Fault fault = fault(word(dw0), "0010000000000000", NONE);

        assertEquals(access, fault.access().toString());
        assertTrue(fault.hasIova());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0d50341209081000; 00f0debc9a780000; 0000000000000000; read page fault of device"
                        + " 0x1008 pasid 0x12345 at 0x789abcdef000 R, untranslated read (cause 13)",
                "170000000c080000; 0010000000000000; 0320008000000000; write/AMO guest-page fault"
                        + " of device 0x8 at 0x1000 W, guest physical address 0x80002000, on an"
                        + " update of a table, untranslated write or AMO (cause 23)",
                "150000000c080000; 0010000000000000; 0120008000000000; read guest-page fault of"
                        + " device 0x8 at 0x1000 W, guest physical address 0x80002000, on the walk"
                        + " of a table, untranslated write or AMO (cause 21)",
                "0401000024000100; 0400000000000000; 0000000000000000; transaction type disallowed"
                        + " of device 0x100, PCIe message 0x4 (cause 260)",
                "1101000000000000; 0000e0fe00000000; 0000000000000000; access fault on writing an"
                        + " interrupt message of the IOMMU itself, no inbound transaction"
                        + " (cause 273)",
                "000800002c080000; 0000000000000000; 0000000000000000; custom cause of device 0x8,"
                        + " reserved transaction type 11 (cause 2048)",
                "0b0000008c080000; 0000000000000000; 0000000000000000; reserved cause of device"
                        + " 0x8, custom transaction type 35 (cause 11)",
            })
    void describesRecordsInASentence(String dw0, String iotval, String iotval2, String sentence) {
        Object description = decoded(dw0, iotval, iotval2).keys().get("description");

        assertEquals(sentence, description);
    }

    @Test
    void showsAMessageCodeThatNoMessageHasAsItIs() {
        Decoded message = decoded("0401000024000100", "ffffffffffffffff", NONE);

        assertEquals("0xffffffffffffffff", message.keys().get("message_code"));
    }

    @Test
    void saysOfCauseZeroWhereThatStands() {
        String sentence = decoder.explain(FaultRecord.CAUSE_ZERO, 0, 0, 0, 0);

        assertTrue(sentence.contains("RISC-V IOMMU, Fault/Event-Queue"), sentence);
        assertEquals("other words", decoder.explain("other_words", 0, 0, 0, 0));
    }

    private Fault fault(String dw0, String iotval, String iotval2) {
        return decoded(dw0, iotval, iotval2).fault();
    }

    private Decoded decoded(String dw0, String iotval, String iotval2) {
        return Decoded.of(decoder, HexFormat.of().parseHex(dw0 + NONE + iotval + iotval2));
    }

    private static String word(long value) {
        return HexFormat.of().toHexDigits(Long.reverseBytes(value));
    }
}
