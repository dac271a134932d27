package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.mm.FaultInResult;
import io.faultline.mm.ScriptedFault;
import io.faultline.mm.SpaceBinding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write: bindings, scripts, lists. */
class TextsTest {
    @ParameterizedTest
    @CsvSource({
        "unit=smmu0 requester=0x100 pasid=7, unit=smmu0 requester=0x100 pasid=0x7 stage=1",
        "requester=00:04.0, unit=any requester=0x20 pasid=any stage=1",
        "requester=ff:1f.7 stage=2, unit=any requester=0xffff pasid=none stage=2",
        "requester=1-0xffffffff pasid=none, unit=any requester=0x1-0xffffffff pasid=none stage=1",
        "pasid=0-0xfffff requester=any, unit=any requester=any pasid=0x0-0xfffff stage=1"
    })
    void readsAndWritesBindings(String text, String written) {
        SpaceBinding binding = BindingText.parse(text);

        assertEquals(written, BindingText.of(binding));
        assertEquals(binding, BindingText.parse(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "smmu0",
                "requester=x",
                "requester=0x100000000",
                "requester=2-1",
                "pasid=0x100000",
                "pasid=7 stage=2",
                "stage=3"
            })
    void refusesBindingsThatCannotBe(String text) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> BindingText.parse(text));

        assertNull(e.getCause(), "the shell shows the innermost cause");
    }

    @Test
    void readsScripts() {
        assertEquals(
                ScriptedFault.failNth(3, FaultInResult.OUT_OF_MEMORY),
                ScriptText.parse("fail 3 out_of_memory"));
        assertEquals(
                ScriptedFault.failRange(0x1000, 0x1fff, FaultInResult.IO_ERROR),
                ScriptText.parse("fail 0x1000-0x1fff IO_ERROR"));
        assertEquals(
                new ScriptedFault(0x1000, 0x1fff, 2, FaultInResult.NO_AREA),
                ScriptText.parse(" fail 2 0x1000-0x1fff no_area"));
        assertEquals(ScriptedFault.block(0x1000, 0x1fff), ScriptText.parse("block 0x1000-0x1fff"));
        assertEquals(ScriptedFault.block(0, -1), ScriptText.parse("block"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "explode", "fail", "fail 3", "fail resident", "fail 1 2 3 io_error"})
    void refusesScriptsThatCannotBe(String text) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> ScriptText.parse(text));

        assertTrue(e.getMessage().contains("expected"), e::getMessage);
    }

    @Test
    void readsListsOfAnyForm() {
        List<String> list = List.of("a b", "c");

        assertEquals(list, Words.list("a b; c"));
        assertEquals(list, Words.list("a b\n\nc\n"));
        assertEquals(list, Words.list(new String[] {" a b", "c"}));
        assertEquals(list, Words.list(List.of("a b;c")));
        assertEquals(List.of(), Words.list(null));
    }
}
