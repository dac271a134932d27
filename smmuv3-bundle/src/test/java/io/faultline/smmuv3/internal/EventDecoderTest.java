package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultClass;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.Keys;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {
    private final EventDecoder decoder = new EventDecoder();

    static Stream<Vector> vectors() {
        return VectorFile.read(EventDecoderTest.class, "smmuv3.jsonl").queue("evtq");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void decodesEveryVector(Vector vector) {
        Decoded decoded = Decoded.of(decoder, vector.bytes());

        vector.assertExpected(decoded.keys());
    }

    @Test
    void readsATerminatedWriteWithoutPasid() {
        Fault fault = fault(0x0000010000000010L, 0x0000020000000000L, 0x000000090000f040L, 0);

        assertEquals(UnrecoverableFault.class, fault.getClass());
        assertEquals(0x100, fault.requester());
        assertEquals(Fault.NO_PASID, fault.pasid());
        assertEquals(0x90000f040L, fault.iova());
        assertEquals(Access.WRITE, fault.access());
        assertEquals(Reason.NOT_PRESENT, fault.reason());
        assertEquals(0x10, fault.code());
        assertEquals(1, fault.stage());
        assertEquals(FaultClass.INPUT, fault.faultClass());
    }

    @Test
    void readsAStalledReadUnderAPasid() {
        Fault fault = fault(0x000042080002a810L, 0x00000208800001f3L, 0x0000ffff8badf000L, 0);

        PageRequestGroup stall = (PageRequestGroup) fault;
        assertTrue(stall.stalled());
        assertTrue(stall.complete());
        assertEquals(0x1f3, stall.groupIndex());
        assertEquals(0x4208, stall.requester());
        assertEquals(0x2a, stall.pasid());
        assertEquals(Access.READ, stall.access());
    }

    @Test
    void saysOfATableWalkThatTheIpaIsTheDescriptors() {
        Fault fault = fault(0x0000030000000013L, 0x0000018800000000L, 0x1000, 0x0000000080045000L);

        assertEquals(2, fault.stage());
        assertEquals(FaultClass.TABLE_WALK, fault.faultClass());
        assertEquals(0x80045000L, ((UnrecoverableFault) fault).ipa());
        assertEquals(
                "F_PERMISSION from stream 0x300 at 0x1000 R: the access is not permitted, stage 2,"
                        + " on the walk of stage 1 tables, IPA 0x80045000 (descriptor write)",
                description(fault));
    }

    /** A stalled F_PERMISSION at stage 2 on a table walk: TTRnW tells what has to be mapped. */
    @ParameterizedTest
    @CsvSource({"0x0000018880000000, true", "0x0000118880000000, false"})
    void tellsAWalkThatWritesFromOneThatReads(String w1, boolean write) {
        Fault fault = fault(0x0000030000000013L, Long.decode(w1), 0x1000, 0x80045000L);

        assertEquals(write, ((PageRequestGroup) fault).isTableWrite());
    }

    @Test
    void doesNotTakeTheTopOfAReasonForStall() {
        Fault fault = fault(0x0000000500000020L, 0x0000000880000001L, 0x2000, 0);

        assertEquals(UnrecoverableFault.class, fault.getClass());
        assertEquals(Reason.CONFLICT, fault.reason());
    }

    @Test
    void readsAHintWithItsSpan() {
        Fault fault = fault(0x0000007700009824L, 0x0001000c00000000L, 0x00007f1200000000L, 0);

        AccessHint hint = (AccessHint) fault;
        assertEquals(65536, hint.lengthBytes());
        assertEquals(9, hint.pasid());
        assertEquals("R+W", hint.access().toString());
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void stallsOnlyTheFourTranslationEvents(EventType type) {
        if (type == EventType.RESERVED) {
            return;
        }

        Fault fault = fault(type.number(), -1L, 0, 0);

        boolean translation = type.number() >= 0x10 && type.number() <= 0x13;
        assertEquals(translation, fault instanceof PageRequestGroup);
    }

    @ParameterizedTest
    @CsvSource({"0x1, UNSUPPORTED", "0x3, TABLE_FETCH", "0x5, TRANSLATION_BLOCKED"})
    void namesTheReasonMoreFinelyThanLinuxDoes(int number, Reason reason) {
        assertEquals(reason, fault(number, 0, 0, 0).reason());
    }

    @Test
    void masksAddressesToBit55() {
        Fault stage2 = fault(0x10, 1L << 39 | 2L << 40, 0, -1);
        Fault fetch = fault(0x03, 0, 0, -1);

        assertEquals(0x00ff_ffff_ffff_f000L, ((UnrecoverableFault) stage2).ipa());
        assertEquals(0x00ff_ffff_ffff_fff8L, ((UnrecoverableFault) fetch).fetchAddress());
    }

    /** QEMU before 8 leaves CLASS 0 in stage 1 faults: no descriptor was fetched there. */
    @Test
    void saysNothingOfAClassThatAStage1FaultCannotHave() {
        Fault fault = fault(0x0000002000000010L, 0x0000000800000000L, 0x1234000, 0);

        assertEquals("CD", Keys.of(fault, decoder).get("class"));
        assertEquals(
                "F_TRANSLATION from stream 0x20 at 0x1234000 R: no translation for the address,"
                        + " stage 1",
                description(fault));
    }

    @Test
    void describesAFetchThatGranuleProtectionRefused() {
        Fault fault = fault(0x0000009900000003L, 1L << 16, 0, 0x100000008L);

        assertEquals(
                "F_STE_FETCH from stream 0x99: the stream table entry could not be read, fetch of"
                        + " 0x100000008 (refused by granule protection)",
                description(fault));
    }

    @Test
    void describesAFaultOfWhichOnlyTextIsKnown() {
        Fault fault =
                new FaultBuilder()
                        .unit("smmuv3", "smmu0")
                        .observed()
                        .device("0000:01:00.0")
                        .noIova()
                        .access(Access.NONE)
                        .unrecoverable(Reason.UNKNOWN);

        var keys = Keys.of(fault, decoder);

        assertNull(keys.get("event"));
        assertNull(keys.get("stage"));
        assertEquals("0000:01:00.0", keys.get("client"));
        assertEquals(
                "an event that the log does not name, from stream 0x100", keys.get("description"));
    }

    @Test
    void numbersImplementationDefinedEvents() {
        assertEquals("IMPDEF_EVENT15", Keys.of(fault(0xef, 0, 0, 0), decoder).get("event"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"short_record", "duplicate_stag", "queue_inconsistent", "incomplete_record"})
    void explainsEveryReasonWord(String why) {
        assertFalse(decoder.explain(why, 0, 0, 0, 0).equals(why.replace('_', ' ')));
    }

    @Test
    void explainsReservedNumbersWithTheirValue() {
        assertEquals(
                "event number 0x7f is reserved (Arm IHI 0070, 7.3)",
                decoder.explain("unknown_event", 0x7f, 0, 0, 0));
        assertTrue(decoder.explain("unknown_event", 0, 0, 0, 0).contains("never written"));
    }

    private Fault fault(long w0, long w1, long w2, long w3) {
        ByteBuffer record = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(w0).putLong(w1).putLong(w2).putLong(w3);
        return Decoded.of(decoder, Decoded.origin("smmuv3", "evtq"), record.array()).fault();
    }

    private Object description(Fault fault) {
        return Keys.of(fault, decoder).get("description");
    }
}
