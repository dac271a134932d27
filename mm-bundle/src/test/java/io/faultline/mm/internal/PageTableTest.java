package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTableTest {
    private static final long LARGEST = 1L << 45;

    private final Budget memory = new Budget(1 << 20);

    @ParameterizedTest
    @ValueSource(longs = {1, 31, 32, 33, 512, 513, 1L << 18, (1L << 18) + 1, LARGEST})
    void holdsItsFirstAndItsLastPage(long pages) {
        PageTable table = new PageTable(pages, memory);

        assertEquals(PageTable.ABSENT, table.raise(pages - 1, PageTable.RESIDENT));
        assertEquals(
                pages == 1 ? PageTable.RESIDENT : PageTable.ABSENT,
                table.raise(0, PageTable.WRITABLE));

        assertEquals(PageTable.WRITABLE, table.state(0));
        assertEquals(pages == 1 ? PageTable.WRITABLE : PageTable.RESIDENT, table.state(pages - 1));
    }

    @Test
    void takesBitsForAPage() {
        PageTable table = new PageTable(1 << 20, memory);

        for (int page = 0; page < 1 << 20; page++) {
            table.raise(page, PageTable.WRITABLE);
        }

        assertTrue(memory.used() * Byte.SIZE < 3L << 20, () -> memory.used() + " bytes");
    }

    @Test
    void refusesAPageForWhichThereIsNoNodeAndTakesItOnceThereIs() {
        Budget small = new Budget(40_000);
        PageTable table = new PageTable(LARGEST, small);
        PageTable other = new PageTable(LARGEST, small);

        assertEquals(PageTable.ABSENT, table.raise(0, PageTable.RESIDENT));
        assertEquals(PageTable.ABSENT, table.raise(LARGEST - 1, PageTable.RESIDENT));
        assertEquals(PageTable.NO_MEMORY, other.raise(0, PageTable.RESIDENT));
        table.retire((page, state) -> {});

        assertEquals(PageTable.ABSENT, other.raise(0, PageTable.RESIDENT));
        assertTrue(small.used() <= 40_000);
    }

    @Test
    void givesAllItsMemoryBackWhenItIsRetired() {
        PageTable table = new PageTable(LARGEST, memory);
        List<Long> gone = new ArrayList<>();
        table.raise(5, PageTable.RESIDENT);
        table.raise(LARGEST - 2, PageTable.WRITABLE);

        table.retire((page, state) -> gone.add(page));

        assertEquals(List.of(5L, LARGEST - 2), gone);
        assertEquals(0, memory.used());
        assertEquals(PageTable.ABSENT, table.state(5));
    }

    /** Against a map that says which page has which state. */
    @Property(tries = 300)
    void keepsWhatASimpleMapKeeps(
            @ForAll @LongRange(min = 1, max = LARGEST) long pages, @ForAll long seed) {
        PageTable table = new PageTable(pages, new Budget(Long.MAX_VALUE));
        Map<Long, Integer> model = new HashMap<>();
        java.util.Random random = new java.util.Random(seed);
        long near = Math.min(pages, 1500);

        for (int i = 0; i < 200; i++) {
            long page =
                    random.nextInt(4) == 0
                            ? Math.floorMod(random.nextLong(), pages)
                            : random.nextLong(near);
            if (random.nextInt(10) > 0) {
                int to = random.nextBoolean() ? PageTable.RESIDENT : PageTable.WRITABLE;
                int before = model.getOrDefault(page, PageTable.ABSENT);
                assertEquals(before, table.raise(page, to));
                model.put(page, before | to);
            } else {
                long last = page + random.nextInt(700);
                Map<Long, Integer> lowered = new HashMap<>();
                table.lower(page, last, lowered::put);
                Map<Long, Integer> expected = new HashMap<>(model);
                expected.keySet().removeIf(p -> p < page || p > last);
                assertEquals(expected, lowered);
                model.keySet().removeAll(expected.keySet());
            }
        }
        model.forEach((page, state) -> assertEquals(state, table.state(page)));
    }

    @Property(tries = 20)
    void bringsEachPageInOnceFromManyThreads(@ForAll @IntRange(min = 1, max = 5000) int pages) {
        PageTable table = new PageTable(pages, new Budget(Long.MAX_VALUE));

        long firsts =
                IntStream.range(0, 4 * pages)
                        .parallel()
                        .filter(i -> table.raise(i % pages, PageTable.RESIDENT) == PageTable.ABSENT)
                        .count();

        assertEquals(pages, firsts);
    }
}
