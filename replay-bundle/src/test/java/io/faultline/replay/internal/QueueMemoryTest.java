package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueMemoryTest {
    private static final FakeDecoder DECODER = new FakeDecoder(32, true);
    private static final QueueName EVTQ = new QueueName("smmuv3", "evtq");

    @Test
    void playsExactlyThePendingRecordsOfACaptureThatWrapped() throws IOException {
        List<String> pending = new ArrayList<>();
        for (JsonNode record : capture("smmuv3-wrap-qemu11.1.json").get("records")) {
            pending.add(record.get("hex").asText());
        }

        Dump dump = open("smmuv3-wrap-qemu11.1.bin").framed(DECODER);

        assertEquals(pending.subList(pending.size() - 10, pending.size()), hex(dump, 32));
        assertEquals(List.of(), dump.remarks());
    }

    @Test
    void playsAllRecordingRegistersOfACapture() throws IOException {
        List<String> recorded = new ArrayList<>();
        for (JsonNode record : capture("vtd-overflow-qemu11.1.json").get("records")) {
            recorded.add(record.get("hex").asText());
        }

        Dump dump = open("vtd-overflow-qemu11.1.bin").framed(new FakeDecoder(16, false));

        assertEquals(recorded, hex(dump, 16));
    }

    @Test
    void passesOverATrailingRunOfZeroesOnly() throws IOException {
        byte[] memory = new byte[5 * 32];
        memory[0] = 1;
        memory[2 * 32 + 31] = 3;

        Dump dump = new QueueMemory("a.bin", EVTQ, memory, null).framed(DECODER);

        assertEquals(3, dump.records());
    }

    @Test
    void givesAShorterRecordASlotOfItsOwn() throws IOException {
        String longer = "01".repeat(16);
        String shorter = "ff00000000000002";
        byte[] stream = HexFormat.of().parseHex(shorter + longer + shorter + longer + "0102");

        Dump dump =
                new QueueMemory("a.bin", EVTQ, stream, null)
                        .framed(new FakeDecoder(16, false, true));

        String filled = shorter + "0".repeat(16);
        assertEquals(List.of(filled, longer, filled, longer), hex(dump, 16));
        assertTrue(dump.remarks().get(0).contains("2 of 16 bytes"), dump.remarks()::toString);
    }

    @Test
    void leavesOutHalfARecordAndSaysSo() throws IOException {
        byte[] memory = new byte[32 + 7];
        memory[0] = 1;
        memory[38] = 1;

        Dump dump = new QueueMemory("a.bin", EVTQ, memory, null).framed(DECODER);

        assertEquals(1, dump.records());
        assertEquals(
                List.of("a.bin: ends with 7 of 32 bytes of a record, which are left out"),
                dump.remarks());
    }

    @Test
    void playsWhatIsWrittenIfTheRegistersContradictEachOther(@TempDir Path folder)
            throws IOException {
        Dump dump = withRegisters(folder, 4, 0x17, 0x3);

        assertEquals(16, dump.records());
        assertTrue(dump.remarks().get(0).contains("queue_inconsistent"), dump.remarks()::toString);
    }

    @Test
    void playsWhatIsWrittenIfTheFileWasCut(@TempDir Path folder) throws IOException {
        Dump dump = withRegisters(folder, 6, 0x17, 0xd);

        assertEquals(16, dump.records());
        assertEquals(
                List.of(
                        "a.bin: producer=0x17 consumer=0xd: of the queue's 64 slots the file has"
                                + " 16; all written records are played"),
                dump.remarks());
    }

    @Test
    void playsPendingRecordsThatTheCutFileStillHas(@TempDir Path folder) throws IOException {
        assertEquals(3, withRegisters(folder, 6, 0x10, 0xd).records());
    }

    @Test
    void refusesRecordsOfAnotherLength() throws IOException {
        Recording.QueueDump dump = open("smmuv3-wrap-qemu11.1.bin");

        var refused = assertThrows(IOException.class, () -> dump.framed(new FakeDecoder(16, true)));

        assertEquals(
                "smmuv3-wrap-qemu11.1.bin: entry_size=32 beside it, but a record of smmuv3:evtq"
                        + " has 16 bytes: set queue=arch:queue",
                refused.getMessage());
    }

    @Property
    void anyBytesAreFramed(@ForAll byte[] memory, @ForAll @IntRange(min = 1, max = 5) int words)
            throws IOException {
        Dump dump =
                new QueueMemory("a.bin", EVTQ, memory, null)
                        .framed(new FakeDecoder(8 * words, false));

        assertTrue(dump.records() <= memory.length / (8 * words));
        assertTrue(dump.slots() >= 1 && dump.slots() % Math.max(1, dump.records()) == 0);
        assertEquals(ByteOrder.LITTLE_ENDIAN, dump.memory().order());
        assertEquals(dump.slots() * 8 * words, dump.memory().capacity());
    }

    private static Dump withRegisters(Path folder, int log2Size, int producer, int consumer)
            throws IOException {
        Path file = Files.copy(Captures.file("smmuv3-wrap-qemu11.1.bin"), folder.resolve("a.bin"));
        Files.writeString(
                folder.resolve("a.json"),
                String.format(
                        "{\"arch\":\"smmuv3\",\"queue\":{\"log2size\":%d,\"prod\":%d,\"cons\":%d}}",
                        log2Size, producer, consumer));
        return ((Recording.QueueDump) Recording.open(file, null)).framed(DECODER);
    }

    private static Recording.QueueDump open(String capture) throws IOException {
        return (Recording.QueueDump) Recording.open(Captures.file(capture), null);
    }

    private static JsonNode capture(String name) throws IOException {
        return new ObjectMapper().readTree(Captures.file(name).toFile());
    }

    static List<String> hex(Dump dump, int recordBytes) {
        List<String> records = new ArrayList<>();
        ByteBuffer memory = dump.memory();
        for (int i = 0; i < dump.records(); i++) {
            byte[] record = new byte[recordBytes];
            memory.get(i * recordBytes, record);
            records.add(HexFormat.of().formatHex(record));
        }
        return records;
    }
}
