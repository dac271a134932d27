package io.faultline.decode.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class InputsTest {
    private static final Progress NOBODY_LOOKS = Progress.unseen();

    private static final byte[] TEXT = "a line\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"log", "log.gz", "log.xz", "log.zst"})
    void readsFilesAsTheyAre(String name) throws IOException {
        Path file = write(name);

        try (Inputs.Input input = open(file)) {
            assertEquals(name.contains("."), input.isCompressed());
            assertTrue(Arrays.equals(TEXT, input.stream().readAllBytes()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"log.gz", "log.xz", "log.zst"})
    void failsAtTheEndOfACutFileWithoutADefect(String name) throws IOException {
        Path file = write(name);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        try (Inputs.Input input = open(file)) {
            IOException e = assertThrows(IOException.class, () -> input.stream().readAllBytes());
            assertTrue(!Inputs.problem(e).isBlank());
        }
    }

    @Test
    void saysWhyAFileCannotBeRead() {
        Path missing = folder.resolve("missing");

        IOException e = assertThrows(IOException.class, () -> open(missing));
        IOException f = assertThrows(IOException.class, () -> open(folder));

        assertEquals("does not exist", Inputs.problem(e));
        assertEquals("is a directory", Inputs.problem(f));
    }

    @Test
    void tellsBeforeItWaits() throws IOException {
        List<String> told = new ArrayList<>();
        InputStream empty = new ByteArrayInputStream(new byte[0]);

        try (Inputs.Input input =
                Inputs.open(Inputs.STANDARD_INPUT, empty, () -> told.add("waits"), NOBODY_LOOKS)) {
            assertEquals(-1, input.stream().read());
        }

        assertEquals(List.of("waits"), told);
    }

    private static Inputs.Input open(Path file) throws IOException {
        return Inputs.open(file.toString(), InputStream.nullInputStream(), () -> {}, NOBODY_LOOKS);
    }

    private Path write(String name) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = compressing(name, Files.newOutputStream(file))) {
            out.write(TEXT);
        }
        return file;
    }

    private static OutputStream compressing(String name, OutputStream out) throws IOException {
        return switch (name) {
            case "log.gz" -> new GZIPOutputStream(out);
            case "log.xz" -> new XZOutputStream(out, new LZMA2Options());
            case "log.zst" -> new ZstdOutputStream(out);
            default -> out;
        };
    }
}
