package io.faultline.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    private static final Unit UNIT = new Unit("test", "test0");
    private static final Origin ORIGIN = new Origin(UNIT, "q", 3, TimeBase.EPOCH, false);

    private static UnrecoverableFault unrecoverable(int rawWords, int attributes, long second) {
        return Faults.unrecoverable(
                ORIGIN,
                "0000:01:00.0",
                12,
                34,
                rawWords,
                Reason.PERMISSION,
                0x13,
                attributes,
                0x100,
                5,
                0x1000,
                second,
                10,
                11,
                12,
                13);
    }

    private static PageRequestGroup group(int attributes, long[] requests) {
        return Faults.group(
                ORIGIN,
                null,
                0,
                1,
                4,
                Reason.UNKNOWN,
                -1,
                attributes,
                0x100,
                5,
                9,
                0x3000,
                0x7000,
                10,
                11,
                12,
                13,
                requests);
    }

    @Test
    void keepsWhatTheDecoderSaid() {
        UnrecoverableFault fault =
                unrecoverable(
                        4,
                        FaultBits.HAS_REQUESTER
                                | FaultBits.HAS_IOVA
                                | FaultBits.WRITE
                                | FaultBits.STAGE_1
                                | FaultBits.of(FaultClass.INPUT),
                        0);

        assertEquals(FaultKind.UNRECOVERABLE, fault.kind());
        assertSame(UNIT, fault.unit());
        assertEquals("0000:01:00.0", fault.deviceName());
        assertEquals(12, fault.time());
        assertEquals(TimeBase.EPOCH, fault.timeBase());
        assertEquals(34, fault.sequence());
        assertEquals(0x13, fault.code());
        assertEquals(Access.WRITE, fault.access());
        assertEquals(0x100, fault.requester());
        assertEquals(5, fault.pasid());
        assertEquals(0x1000, fault.iova());
        assertEquals(1, fault.stage());
        assertEquals(FaultClass.INPUT, fault.faultClass());
        assertEquals(13, fault.raw(3));
    }

    @Property
    void givesBackTheAttributesThatItWasGiven(
            @ForAll @IntRange(max = 0xfff_ffff) int attributes,
            @ForAll @IntRange(max = 4) int rawWords) {
        UnrecoverableFault fault = unrecoverable(rawWords, attributes, 0);

        assertEquals(attributes, fault.attributes());
        assertEquals(rawWords, fault.rawWords());
        assertEquals((attributes & FaultBits.HAS_IOVA) != 0, fault.hasIova());
        assertEquals(attributes & FaultBits.ACCESS_MASK, fault.access().bits());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5})
    void refusesMoreWordsThanARecordHas(int rawWords) {
        assertThrows(IndexOutOfBoundsException.class, () -> unrecoverable(rawWords, 0, 0));
    }

    @Test
    void hasOnlyTheWordsOfItsRecord() {
        UnrecoverableFault fault = unrecoverable(2, 0, 0);

        assertEquals(11, fault.raw(1));
        assertThrows(IndexOutOfBoundsException.class, () -> fault.raw(2));
        assertThrows(IndexOutOfBoundsException.class, () -> fault.raw(-1));
    }

    @Test
    void tellsTheSecondNumberByItsBit() {
        UnrecoverableFault ipa = unrecoverable(4, FaultBits.HAS_IPA, 0x7000);
        UnrecoverableFault fetch = unrecoverable(4, FaultBits.HAS_FETCH, 0x40);
        UnrecoverableFault interrupt = unrecoverable(4, FaultBits.HAS_INTERRUPT, 0xffff);

        assertEquals(0x7000, ipa.ipa());
        assertFalse(ipa.hasFetchAddress() || ipa.hasInterruptIndex());
        assertEquals(0, ipa.fetchAddress());
        assertEquals(0, ipa.interruptIndex());
        assertEquals(0x40, fetch.fetchAddress());
        assertEquals(0, fetch.ipa());
        assertEquals(0xffff, interrupt.interruptIndex());
    }

    @ParameterizedTest
    @EnumSource(FaultClass.class)
    void carriesEveryClass(FaultClass faultClass) {
        assertEquals(faultClass, unrecoverable(0, FaultBits.of(faultClass), 0).faultClass());
    }

    @Test
    void readsAClassThatADecoderMadeUpAsReserved() {
        assertEquals(FaultClass.RESERVED, unrecoverable(0, FaultBits.CLASS_MASK, 0).faultClass());
    }

    @Test
    void holdsASingleRequestInItsOwnFields() {
        PageRequestGroup group = group(FaultBits.LAST | FaultBits.READ, null);

        assertEquals(FaultKind.PAGE_REQUEST, group.kind());
        assertEquals(1, group.size());
        assertEquals(0x3000, group.iova(0));
        assertEquals(Access.READ, group.access(0));
        assertTrue(group.complete());
        assertFalse(group.stalled());
        assertThrows(IndexOutOfBoundsException.class, () -> group.iova(1));
        assertThrows(IndexOutOfBoundsException.class, () -> group.access(-1));
    }

    @Test
    void holdsSeveralRequestsInTheOrderOfArrival() {
        PageRequestGroup group =
                group(FaultBits.LAST | FaultBits.READ, new long[] {0x1000, 2, 0x3000, 1});

        assertEquals(2, group.size());
        assertEquals(0x1000, group.iova(0));
        assertEquals(Access.WRITE, group.access(0));
        assertEquals(group.iova(), group.iova(1));
        assertEquals(group.access(), group.access(1));
        assertThrows(IndexOutOfBoundsException.class, () -> group.iova(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 5})
    void refusesRequestsThatAreNoPairs(int length) {
        assertThrows(IllegalArgumentException.class, () -> group(0, new long[length]));
    }

    @Test
    void givesTheAnswerWhatItMustEcho() {
        PageRequestGroup plain = group(FaultBits.LAST | FaultBits.ANSWER_WITH_PASID, null);
        PageRequestGroup withData = group(FaultBits.PRIVATE_DATA, null);

        assertEquals(new ResponseToken(3, true, true, false, 0, 0), plain.token());
        assertEquals(new ResponseToken(3, false, false, true, 12, 13), withData.token());
    }

    @Test
    void aHintHasNoReasonButALength() {
        AccessHint hint =
                Faults.hint(ORIGIN, null, 0, 1, 4, 0x24, 0, 0x100, -1, 0, 8192, 0, 0, 0, 0);

        assertEquals(FaultKind.HINT, hint.kind());
        assertEquals(8192, hint.lengthBytes());
        assertEquals(Reason.UNKNOWN, hint.reason());
        assertNull(hint.deviceName());
        assertEquals(0, hint.stage());
    }

    @Test
    void aStopMarkerKeepsTheIndexOfItsRecord() {
        StopMarker marker =
                Faults.stopMarker(
                        ORIGIN, null, 0, 1, 2, FaultBits.HAS_REQUESTER, 0x100, 5, 511, 1, 2, 0, 0);

        assertEquals(FaultKind.STOP_MARKER, marker.kind());
        assertEquals(511, marker.groupIndex());
        assertEquals(Access.NONE, marker.access());
    }

    @Test
    void saysEnoughToBeRecognised() {
        int present = FaultBits.HAS_REQUESTER | FaultBits.HAS_IOVA | FaultBits.WRITE;

        assertEquals(
                "test0 q #34 UnrecoverableFault 0000:01:00.0 requester=0x100 pasid=0x5"
                        + " iova=0x1000 W PERMISSION",
                unrecoverable(4, present, 0).toString());
    }

    @Test
    void everyKindHasAWordThatLeadsBackToIt() {
        for (FaultKind kind : FaultKind.values()) {
            assertSame(kind, FaultKind.of(kind.word()).orElseThrow());
        }
        assertTrue(FaultKind.of("PAGE_REQUEST").isEmpty());
    }
}
