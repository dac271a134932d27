package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SideFileTest {
    @Example
    void readsACapture() throws IOException {
        SideFile side = SideFile.read(Captures.file("smmuv3-wrap-qemu11.1.json"));

        assertEquals(Optional.of(new QueueName("smmuv3", "evtq")), side.queueName());
        assertEquals(32, side.entryBytes());
        assertEquals(16, side.slots());
        assertEquals(0x17, side.producer());
        assertEquals(0xd, side.consumer());
    }

    @Example
    void doesWithoutAQueue() throws IOException {
        SideFile side = SideFile.read(Captures.file("vtd-overflow-qemu11.1.json"));

        assertEquals(Optional.of(new QueueName("vtd", "frcd")), side.queueName());
        assertFalse(side.hasIndices());
    }

    @Example
    void readsHeadAndTail() throws IOException {
        SideFile side =
                read(
                        "{'arch': 'riscv', 'queue': {'kind': 'fault', 'head': 3, 'tail': '0x9',"
                                + " 'nested': {'kind': 'x'}}, 'records': [{'kind': 'y'}]}");

        assertEquals(Optional.of(new QueueName("riscv", "fq")), side.queueName());
        assertEquals(9, side.producer());
        assertEquals(3, side.consumer());
    }

    @Example
    void readsTimes() throws IOException {
        assertEquals(3, read("{'times': [1, '2.5', 2.75]}").times().records());
        assertNull(read("{'times': []}").times());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[]]", "[1, 'noon']", "[-1]", "[1e99]", "[null]"})
    void refusesWhatIsNoTime(String times) {
        var refused = assertThrows(IOException.class, () -> read("{'times': " + times + "}"));

        assertTrue(refused.getMessage().contains("times: "), refused::getMessage);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1] | no JSON object",
                "{'queue': {'prod': '0xzz'}} | prod=0xzz is no number",
                "{'queue': {'prod': 1.5}} | prod=1.5 is no number",
                "{'queue' | line 1"
            })
    void saysWhatIsWrong(String json, String message) {
        var refused = assertThrows(IOException.class, () -> read(json));

        assertEquals("side.json: ", refused.getMessage().substring(0, 11), refused::getMessage);
        assertEquals(true, refused.getMessage().contains(message), refused::getMessage);
    }

    @Property
    void anyTextIsReadOrRefused(@ForAll String text) throws IOException {
        Path file = Files.createTempFile("side", ".json");
        try {
            Files.writeString(file, "{\"queue\": {\"prod\": " + text.replace('\ud800', ' '));
            assertThrows(IOException.class, () -> SideFile.read(file));
        } finally {
            Files.delete(file);
        }
    }

    private static SideFile read(String json) throws IOException {
        Path folder = Files.createTempDirectory("side");
        Path file = folder.resolve("side.json");
        try {
            Files.writeString(file, json.replace('\'', '"'));
            return SideFile.read(file);
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }
}
