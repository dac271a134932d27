package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {
    private static final QueueName PRIQ = new QueueName("smmuv3", "priq");

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dmesg.txt | [    1.0] DMAR: [DMA Read] fault",
                "console.log | #: not a queue",
                "smmuv3-kmsg.raw | 6,1,2,-;arm-smmu-v3",
                "empty.txt | ''"
            })
    void takesTextForALog(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);

        assertEquals(new Recording.KernelLog(file), Recording.open(file, null));
    }

    @Test
    void takesALogWithSomeRubbishForALog() throws IOException {
        Path file = Files.writeString(folder.resolve("serial"), "\0\0\0[ 1.0] boot".repeat(9));

        assertInstanceOf(
                Recording.KernelLog.class,
                Recording.open(
                        Files.writeString(file, "\0\0" + Files.readString(file).replace("\0", "")),
                        null));
    }

    @ParameterizedTest
    @CsvSource({"smmuv3-a.bin, evtq", "smmuv3-a-priq.bin, priq"})
    void tellsTheQueueFromTheName(String name, String queue) throws IOException {
        Path file = Files.write(folder.resolve(name), new byte[64]);

        assertEquals(new QueueName("smmuv3", queue), dump(file, null).queue());
    }

    @Test
    void believesTheFileBesideItMoreThanTheName() throws IOException {
        Path file = Files.write(folder.resolve("smmuv3-a.bin"), new byte[64]);
        Files.writeString(
                folder.resolve("smmuv3-a.json"),
                "{\"arch\": \"riscv\", \"queue\": {\"kind\": \"fault\"}}");

        assertEquals(new QueueName("riscv", "fq"), dump(file, null).queue());
    }

    @Test
    void believesTheConfigurationMost() throws IOException {
        Path file = Captures.file("smmuv3-wrap-qemu11.1.bin");

        assertEquals(PRIQ, dump(file, PRIQ).queue());
    }

    @Test
    void takesBinaryFilesOfAnyNameWithAQueue() throws IOException {
        Path file = Files.write(folder.resolve("memory"), new byte[64]);

        assertInstanceOf(QueueMemory.class, Recording.open(file, PRIQ));
    }

    @Test
    void readsTheQueueFromAComment() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("made.txt"),
                        "\n# made, not recorded\n#  vtd:prq: two groups\n00\n# smmuv3:evtq\n");

        assertEquals(new QueueName("vtd", "prq"), dump(file, null).queue());
    }

    @ParameterizedTest
    @CsvSource({"dump.bin", "dump.hex", "memory"})
    void saysHowToNameADump(String name) throws IOException {
        Path file = Files.write(folder.resolve(name), new byte[64]);

        var refused = assertThrows(IOException.class, () -> Recording.open(file, null));

        assertTrue(refused.getMessage().startsWith(file + ": "), refused::getMessage);
        assertTrue(refused.getMessage().contains("set queue=arch:queue"), refused::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1f8b0800", "fd377a585a00", "28b52ffd04"})
    void saysThatAFileIsCompressed(String begin) throws IOException {
        Path file = Files.write(folder.resolve("a"), HexFormat.of().parseHex(begin));

        var refused = assertThrows(IOException.class, () -> Recording.open(file, null));

        assertEquals(file + ": is compressed: unpack it first", refused.getMessage());
    }

    @Test
    void refusesWhatIsNotThere() {
        var missing =
                assertThrows(
                        IOException.class, () -> Recording.open(folder.resolve("no.bin"), null));
        var directory = assertThrows(IOException.class, () -> Recording.open(folder, null));

        assertEquals(folder.resolve("no.bin") + ": no such file", missing.getMessage());
        assertEquals(folder + ": is no regular file", directory.getMessage());
    }

    private static Recording.QueueDump dump(Path file, QueueName configured) throws IOException {
        return assertInstanceOf(Recording.QueueDump.class, Recording.open(file, configured));
    }
}
