package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.FaultBits;
import io.faultline.mm.Area;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapsTextTest {
    /** proc_pid_maps(5), with what 64-bit kernels add at the end. */
    private static final String SAMPLE =
            """
            00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/dbus-daemon
            00652000-00655000 rw-p 00052000 08:02 173521      /usr/bin/dbus daemon (deleted)
            00e03000-00e24000 rw-p 00000000 00:00 0           [heap]
            35b1a21000-35b1a22000 ---p 0021f000 08:02 135870
            7f2c8a000000-7f2c8a400000 rw-s 00000000 00:05 1031 /memfd:ram
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
            """;

    @Test
    void readsWhatTheKernelWrites() {
        List<Area> areas = MapsText.parse(SAMPLE);

        assertEquals(
                List.of(
                        area(
                                0x400000,
                                0x52000,
                                FaultBits.READ | FaultBits.EXEC,
                                Area.Backing.COPY_ON_WRITE,
                                0,
                                "/usr/bin/dbus-daemon"),
                        area(
                                0x652000,
                                0x3000,
                                FaultBits.READ | FaultBits.WRITE,
                                Area.Backing.COPY_ON_WRITE,
                                0x52000,
                                "/usr/bin/dbus daemon (deleted)"),
                        area(
                                0xe03000,
                                0x21000,
                                FaultBits.READ | FaultBits.WRITE,
                                Area.Backing.DEMAND_ZERO,
                                0,
                                "[heap]"),
                        area(0x35b1a21000L, 0x1000, 0, Area.Backing.COPY_ON_WRITE, 0x21f000, ""),
                        area(
                                0x7f2c8a000000L,
                                0x400000,
                                FaultBits.READ | FaultBits.WRITE,
                                Area.Backing.SHARED,
                                0,
                                "/memfd:ram"),
                        area(
                                0xffffffffff600000L,
                                0x1000,
                                FaultBits.EXEC,
                                Area.Backing.DEMAND_ZERO,
                                0,
                                "[vsyscall]")),
                areas);
    }

    private static Area area(
            long start, long length, int rights, Area.Backing backing, long offset, String name) {
        return new Area(start, length, Access.of(rights), backing, offset, name);
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void readsTheMapsOfThisProcess() throws Exception {
        List<Area> areas = MapsText.parse(Files.readString(Path.of("/proc/self/maps")));

        assertTrue(areas.size() > 20, areas::toString);
        assertTrue(areas.stream().anyMatch(a -> a.name().endsWith("libjvm.so")));
    }

    @ParameterizedTest
    @CsvSource({
        "1000-2000, expected START-END",
        "1000-2000 rwx, expected START-END",
        "2000-1000 r--p, ends before it begins",
        "1000-1000 r--p, ends before it begins",
        "0-0 r--p, ends before it begins",
        "0-8000000000000000 r--p, allowed are 1 to 2^57",
        "1000-2000 r--p ffffffffffffffff, must not be negative",
        "10000000000000000-20000000000000000 r--p, expected START-END"
    })
    void namesTheLineThatIsWrong(String line, String why) {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> MapsText.parse("\n# a comment\n" + line + "\n"));

        assertTrue(e.getMessage().startsWith("line 3: "), e::getMessage);
        assertTrue(e.getMessage().contains(why), e::getMessage);
    }

    @Test
    void refusesALineWithoutEnd() {
        assertThrows(
                IllegalArgumentException.class,
                () -> MapsText.parse("1000-2000 r--p 0 08:02 1 " + "x".repeat(1 << 20)));
    }

    @Test
    void writesWhatItReads() {
        List<Area> areas = MapsText.parse(SAMPLE + "1000-2000 rw-pk\n");

        String text = String.join("\n", areas.stream().map(MapsText::line).toList());

        assertEquals(areas, MapsText.parse(text));
    }

    @Property
    void saysWhatIsWrongWithAnyText(@ForAll String text) {
        try {
            MapsText.parse(text);
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().startsWith("line "), e::getMessage);
        }
    }
}
