package io.faultline.decode.internal;

import static io.faultline.decode.internal.FakeDecoder.FAULT;
import static io.faultline.decode.internal.FakeDecoder.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DumpsTest {
    private static final byte[] ZERO = new byte[16];
    private static final byte[] ONE = record(FAULT, 0, 0x3b00, -1, 0x1000);

    private final Found found = new Found();
    private final List<String> said = new ArrayList<>();
    private final RecordReader records =
            new RecordReader(new FakeDecoder(), RecordReader.Queue.of("fake:queue"), null, found);

    @Test
    void passesOverZeroesAtTheEndOnly() throws IOException {
        new BinaryDump(records).readAll(bytes(ZERO, ONE, ZERO, ZERO, ONE, ZERO, ZERO, ZERO));

        assertEquals(
                List.of(
                        "unknown_event 1",
                        "unrecoverable 2",
                        "unknown_event 3",
                        "unknown_event 4",
                        "unrecoverable 5"),
                found.words());
    }

    @Test
    void tellsOfATailThatIsNoWholeRecord() throws IOException {
        new BinaryDump(records).readAll(bytes(ONE, ZERO, new byte[] {1, 2, 3}));

        assertEquals(
                List.of("unrecoverable 1", "unknown_event 2", "short_record 3"), found.words());
        assertTrue(
                found.all().get(2) instanceof MalformedFinding tail
                        && tail.description().equals("3 bytes, 16 needed")
                        && tail.hex().equals("010203"));
    }

    @Test
    void readsADumpLongerThanItsBuffer() throws IOException {
        byte[][] many = new byte[5000][];
        Arrays.fill(many, ONE);

        new BinaryDump(records).readAll(bytes(many));

        assertEquals(5000, found.all().size());
        assertEquals(5000, found.all().get(4999).place().number());
    }

    @Test
    void blamesADecoderForWhatItDoes() throws IOException {
        for (byte what : new byte[] {FakeDecoder.THROWS, FakeDecoder.SILENT, FakeDecoder.TWICE}) {
            new BinaryDump(records).readAll(bytes(record(what, 0, 1, -1, 0)));
        }

        assertEquals(
                List.of("decoder_defect 1", "decoder_defect 1", "decoder_defect 1"), found.words());
    }

    @Test
    void reportsNothingWhereThereIsNothing() throws IOException {
        new BinaryDump(records).readAll(bytes(record(FakeDecoder.NOTHING, 0, 1, -1, 0), ONE));

        assertEquals(List.of("unrecoverable 2"), found.words());
    }

    @Test
    void callsARecordThatNeverCameNotWritten() throws IOException {
        new BinaryDump(records).readAll(bytes(record(FakeDecoder.NOT_WRITTEN, 0, 1, -1, 0)));

        assertEquals(List.of("not_written 1"), found.words());
    }

    @Test
    void readsPendingRecordsInTheOrderOfTheQueue() throws IOException {
        new BinaryDump(records).readPending(bytes(ONE, ONE, ONE, ONE), pending(1, 3));

        assertEquals(List.of("unrecoverable 4", "unrecoverable 1"), found.words());
    }

    @Test
    void saysThatAQueueHasOverflowed() throws IOException {
        new BinaryDump(records).readPending(bytes(ONE, ONE), pending(0, 1));

        assertEquals(1, said.size());
        assertEquals(1, found.all().size());
    }

    @Test
    void reportsIndicesThatContradictEachOther() throws IOException {
        new BinaryDump(records).readPending(bytes(ONE, ONE), pending(99, 0));
        new BinaryDump(records).readPending(bytes(ONE, ONE, ONE), pending(1, 0));

        assertEquals(List.of("queue_inconsistent 1", "queue_inconsistent 1"), found.words());
    }

    @Test
    void givesALineForEveryRecordOfHexEvenIfItIsZero() throws IOException {
        String text = "# dump\n\n" + hex(ZERO) + "\n  " + hex(ONE) + " # a fault\n" + hex(ZERO);

        new HexDump(records).readAll(text(text));

        assertEquals(
                List.of("unknown_event 1", "unrecoverable 2", "unknown_event 3"), found.words());
    }

    @Test
    void tellsWhatIsWrongWithALineOfHex() throws IOException {
        String text = "0102\n" + hex(ONE) + "00\nzz\n123\n" + "0".repeat(9000) + "\n" + hex(ONE);

        new HexDump(records).readAll(text(text));

        assertEquals(
                List.of(
                        "short_record 1",
                        "long_record 2",
                        "bad_hex 3",
                        "bad_hex 4",
                        "long_record 5",
                        "unrecoverable 6"),
                found.words());
    }

    @Test
    void tellsOnceOfABadLineBetweenTheIndices() throws IOException {
        String text = hex(ONE) + "\nzz\n" + hex(ONE) + "\n" + hex(ONE);

        new HexDump(records).readPending(text(text), pending(3, 0));

        assertEquals(List.of("bad_hex 2", "unrecoverable 1", "unrecoverable 3"), found.words());
    }

    @Property
    void findsSomethingInAnyBytes(@ForAll byte[] any) throws IOException {
        new BinaryDump(records).readAll(new ByteArrayInputStream(any));
        new HexDump(records).readAll(new ByteArrayInputStream(any));
    }

    private PendingRecords pending(long producer, long consumer) {
        return new PendingRecords(producer, consumer, said::add);
    }

    @Test
    void readsShorterRecordsBetweenOthersWhereverItsBufferEnds() throws IOException {
        byte[] shorter = {FakeDecoder.SHORT, 0, 0, 0, 0, 0, 0, 0};
        byte[][] many = new byte[5000][];
        for (int i = 0; i < many.length; i++) {
            many[i] = i % 3 == 0 ? shorter : ONE;
        }

        new BinaryDump(records).readAll(bytes(many));

        assertEquals(5000, found.all().size());
        for (int i = 0; i < many.length; i++) {
            String kind = i % 3 == 0 ? "lost_events " : "unrecoverable ";
            assertEquals(kind + (i + 1), found.words().get(i));
        }
    }

    @Test
    void readsLinesOfShorterRecords() throws IOException {
        String lines = "0b00000000000000\n0b0000000000000000\n0b000000\n01000000\n";

        new HexDump(records).readAll(text(lines));

        assertEquals(
                List.of("lost_events 1", "long_record 2", "short_record 3", "short_record 4"),
                found.words());
    }

    @Test
    void givesTheKeysOfARecordThatIsNoFault() throws IOException {
        new HexDump(records).readAll(text("0b00000000000000"));

        assertEquals((long) FakeDecoder.SHORT, found.value("what"));
        assertEquals("lost_events in b", found.value("description"));
    }

    @Test
    void takesALengthThatCannotBeForTheLongest() throws IOException {
        new BinaryDump(records).readAll(bytes(record(FakeDecoder.IMPOSSIBLE, 0, 0, -1, 0), ONE));

        assertEquals(List.of("unknown_event 1", "unrecoverable 2"), found.words());
    }

    private static InputStream bytes(byte[]... records) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] record : records) {
            all.writeBytes(record);
        }
        return new ByteArrayInputStream(all.toByteArray());
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] record) {
        return HexFormat.of().formatHex(record);
    }
}
