package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.mm.ModelledSpace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfiguredSpaceTest {
    private final List<String> said = new ArrayList<>();
    private final SpaceTable table = new SpaceTable(said::add);

    private static SpaceSettings settings(Object... more) {
        Map<String, Object> config = new HashMap<>(Map.of("name", "a"));
        for (int i = 0; i < more.length; i += 2) {
            config.put((String) more[i], more[i + 1]);
        }
        return SpaceSettings.of(config);
    }

    private ConfiguredSpace make(SpaceSettings settings) {
        ModelledSpace space = table.createModelled("a", settings.options());
        return new ConfiguredSpace(table, space, settings, said::add);
    }

    @Test
    void changesWhatItsConfigurationChangesAndKeepsPagesOfAreasThatStay() {
        ConfiguredSpace space =
                make(
                        settings(
                                "areas",
                                "0-2000 rw-p; 4000-5000 r--p",
                                "bindings",
                                new String[] {"pasid=1", "pasid=2"}));
        table.space("a").faultIn(0, Access.READ);
        table.space("a").faultIn(0x4000, Access.READ);

        space.configure(
                settings(
                        "areas",
                        "0-2000 rw-p; 8000-9000 r--p",
                        "bindings",
                        "pasid=2; pasid=3",
                        "scripts",
                        "fail 1 io_error"));

        assertEquals(1, table.space("a").counts().resident());
        assertEquals(
                List.of(0L, 0x8000L),
                table.space("a").areas().stream().map(area -> area.start()).toList());
        assertEquals(
                List.of(2, 3),
                table.space("a").bindings().stream().map(b -> b.firstPasid()).toList());
        assertEquals("IO_ERROR", table.space("a").faultIn(0, Access.READ).name());
        assertEquals(List.of(), said);
    }

    @Test
    void saysWhatCannotChange() {
        ConfiguredSpace space = make(settings("areas", "0-2000 rw-p"));

        space.configure(settings("areas", "0-2000 rw-p; 1000-3000 rw-p", "page.bytes", "8192"));

        assertEquals(2, said.size(), said::toString);
        assertTrue(said.get(0).contains("limits are fixed"), said::toString);
        assertTrue(said.get(1).contains("overlaps"), said::toString);
        assertEquals(1, table.space("a").areas().size());
    }

    @Test
    void leavesNothingBehindWhenItCannotBeMade() {
        SpaceSettings wrong = settings("areas", "0-2000 rw-p; 1000-3000 rw-p");

        assertThrows(IllegalArgumentException.class, () -> make(wrong));

        assertEquals(List.of(), table.spaces());
    }

    @Test
    void readsALayout(@TempDir Path folder) throws Exception {
        Path layout = Files.writeString(folder.resolve("maps"), "0-1000 r--p\n2000-3000 rw-p\n");

        make(settings("layout", layout.toString(), "areas", "8000-9000 r--p"));

        assertEquals(3, table.space("a").areas().size());
    }

    @ParameterizedTest
    @CsvSource({
        "page.bytes, 5000, pageBytes=5000: allowed are powers of two",
        "page.bytes, x, page.bytes=x: is no number",
        "may.block, maybe, may.block=maybe: allowed are true and false",
        "table.limit.bytes, 1, tableLimitBytes=1: allowed are 4096 and up",
        "memory.limit.pages, 0, memoryLimitPages=0: allowed are 1 and up",
        "log.entries, 3, logEntries=3: allowed are powers of two",
        "areas, 0-1000, areas: line 1: expected",
        "bindings, smmu0, bindings: smmu0: allowed are",
        "scripts, boom, scripts: boom: expected",
        "layout, /nonexistent, /nonexistent: cannot be read"
    })
    void namesTheKeyOfAValueThatIsWrong(String key, String value, String why) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> settings(key, value));

        assertTrue(e.getMessage().startsWith("a: " + why), e::getMessage);
    }
}
