package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.mm.Area;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.ManagedSpace;
import io.faultline.mm.SpaceOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedTest {
    private static final long PAGE = 4096;

    private final SpaceTable table = new SpaceTable(message -> {});

    @TempDir Path folder;

    @AfterEach
    void close() {
        table.close();
    }

    private Path file(long bytes) throws IOException {
        byte[] contents = new byte[(int) bytes];
        new Random(1).nextBytes(contents);
        return Files.write(folder.resolve("ram"), contents);
    }

    private ManagedSpace map(Path file, boolean writable, String... areas) throws IOException {
        return table.createMapped(
                "ram",
                file,
                writable,
                MapsText.parse(String.join("\n", areas)),
                SpaceOptions.DEFAULTS);
    }

    @Test
    void showsTheWholeFileAndChangesNothingInIt() throws IOException {
        Path file = file(3 * PAGE + 1);
        byte[] before = Files.readAllBytes(file);
        ManagedSpace space = map(file, true);

        for (long address = 0; address < 4 * PAGE; address += PAGE) {
            assertEquals(FaultInResult.RESIDENT, space.faultIn(address + 5, Access.READ));
            assertEquals(FaultInResult.RESIDENT, space.faultIn(address + 7, Access.WRITE));
        }

        assertEquals(FaultInResult.NO_AREA, space.faultIn(4 * PAGE, Access.READ));
        assertEquals(4, space.counts().resident());
        assertTrue(space.mayBlock());
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void refusesWritesUnlessTheSpaceIsMadeWritable() throws IOException {
        ManagedSpace space = map(file(PAGE), false);

        assertEquals(FaultInResult.REFUSED, space.faultIn(0, Access.WRITE));
        assertEquals(FaultInResult.RESIDENT, space.faultIn(0, Access.READ));
    }

    @Test
    void refusesAreasBeyondTheFileAndFilesThatCannotBeMapped() throws IOException {
        Path file = file(2 * PAGE);

        for (String wrong : List.of("0-3000 r--s", "0-1000 r--s 2000", "0-1000 r--s 800")) {
            assertThrows(IllegalArgumentException.class, () -> map(file, false, wrong));
        }
        assertThrows(IOException.class, () -> map(folder.resolve("missing"), false));
        assertThrows(IOException.class, () -> map(folder, false));
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThrows(IOException.class, () -> map(empty, false));
        assertEquals(List.of(), table.spaces());
    }

    /** Windows of 1 GiB, and a hole between areas as PCs have it. */
    @Test
    void reachesBeyondTwoGibibytes() throws IOException {
        Path file = folder.resolve("ram");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((5L << 30) + PAGE);
        }
        ManagedSpace space =
                map(file, true, "0-80000000 rw-s 0", "100000000-1c0001000 rw-s 80000000");

        assertEquals(FaultInResult.RESIDENT, space.faultIn(0x7fff_f000L, Access.WRITE));
        assertEquals(FaultInResult.NO_AREA, space.faultIn(0x8000_0000L, Access.WRITE));
        assertEquals(FaultInResult.RESIDENT, space.faultIn(0x1_0000_0000L, Access.WRITE));
        assertEquals(FaultInResult.RESIDENT, space.faultIn(0x1_c000_0000L, Access.WRITE));
        assertEquals(3, space.counts().resident());
    }

    /** Java code that touched such a page would get SIGBUS. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void saysThatAFileWasTruncated(boolean writable) throws IOException {
        Path file = file(64 * PAGE);
        ManagedSpace space = map(file, writable);
        Access access = writable ? Access.WRITE : Access.READ;
        for (int i = 0; i < 40_000; i++) { // compiled by now
            assertEquals(FaultInResult.RESIDENT, space.faultIn(i % 64 * PAGE, access));
        }

        truncate(file, PAGE);

        for (int i = 0; i < 1000; i++) {
            assertEquals(FaultInResult.IO_ERROR, space.probe((1 + i % 63) * PAGE, access));
            assertEquals(FaultInResult.IO_ERROR, space.faultIn((1 + i % 63) * PAGE, access));
        }
        assertEquals(FaultInResult.RESIDENT, space.faultIn(0, access));
    }

    private static void truncate(Path file, long bytes) throws IOException {
        try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
            shorter.setLength(bytes);
        }
    }

    /**
     * The file shrinks and grows while pages are touched: between the look at its size and the
     * touch, too. In JVMs of their own: what SIGBUS becomes depends on who runs the code, and a
     * mistake would end the JVM.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation"})
    void survivesATruncationAtAnyMoment(String code) throws Exception {
        Path out = folder.resolve("out");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                code,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Truncation.class.getName(),
                                file(64 * PAGE).toString())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "hangs");
        } finally {
            process.destroyForcibly();
        }

        List<String> lines = new ArrayList<>(Files.readAllLines(out));
        assertEquals(0, process.exitValue(), lines::toString);
        assertEquals("both answers were given, and no other", lines.get(lines.size() - 1));
    }

    /** An interrupt closes the channel that a thread is in; the others must not notice. */
    @Test
    void goesOnWhenAThreadIsInterruptedInATouch() throws IOException {
        ManagedSpace space = map(file(PAGE), false);
        Thread.currentThread().interrupt();

        space.faultIn(0, Access.READ);

        assertTrue(Thread.interrupted());
        assertEquals(FaultInResult.RESIDENT, space.faultIn(0, Access.READ));
    }

    /** Areas of a whole file end on a page. */
    @Test
    void roundsTheWholeFileUpToAPage() throws IOException {
        ManagedSpace space = map(file(1), false);

        assertEquals(List.of(PAGE), space.areas().stream().map(Area::lengthBytes).toList());
        assertEquals(FaultInResult.RESIDENT, space.faultIn(PAGE - 1, Access.READ));
    }
}
