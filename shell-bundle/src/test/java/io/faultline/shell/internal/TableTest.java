package io.faultline.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class TableTest {
    @Example
    void putsTextLeftAndNumbersRight() {
        Table table =
                new Table("name", ">calls", "why").row("a", 1_000, "").row("long one", 2, "x");

        assertEquals(
                List.of("name      calls  why", "a          1000", "long one      2  x"),
                table.toString().lines().toList());
    }

    @Example
    void cutsTheMiddleOfLongTexts() {
        Table table = new Table("a", "b", ">n");
        table.row("begin" + "x".repeat(200) + "end", "short", 1_234_567);

        String line = table.toString().lines().toList().get(1);

        assertEquals(Table.WIDTH, line.length());
        assertTrue(line.matches("beginx+…x+end  short  1234567"), line);
    }

    @Example
    void refusesARowOfAnotherLength() {
        var refused = assertThrows(IllegalArgumentException.class, () -> new Table("a").row(1, 2));

        assertEquals("cells=[1, 2], columns=1", refused.getMessage());
    }

    @Property
    void fitsTheTerminalAndKeepsShortCells(
            @ForAll @Size(min = 1, max = 6) List<@StringLength(max = 300) @NotBlank String> cells) {
        String[] titles = cells.stream().map(cell -> "t").toArray(String[]::new);
        Table table =
                new Table(titles).row(cells.stream().map(c -> c.replaceAll("\\R", " ")).toArray());

        String line = table.toString().lines().reduce((a, b) -> b).orElseThrow();

        assertTrue(line.length() <= Table.WIDTH, line);
        if (cells.stream().mapToInt(cell -> cell.length() + 2).sum() <= Table.WIDTH) {
            assertTrue(!line.contains("…") || cells.stream().anyMatch(c -> c.contains("…")), line);
        }
    }
}
