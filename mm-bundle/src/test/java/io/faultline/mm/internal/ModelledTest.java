package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.FaultBits;
import io.faultline.mm.Area;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.ManagedSpace.Counts;
import io.faultline.mm.PageIn;
import io.faultline.mm.ScriptedFault;
import io.faultline.mm.SpaceOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelledTest {
    private static final Access EXECUTE = Access.of(FaultBits.EXEC);
    private static final SpaceOptions NORMAL = SpaceOptions.DEFAULTS;

    private final Modelled space = new Modelled("pid 1", NORMAL);

    private static SpaceOptions withMemory(long pages) {
        return new SpaceOptions(4096, false, 1 << 20, pages, 16);
    }

    @ParameterizedTest
    @CsvSource({
        "0x1000, 1, RESIDENT", // R of r-xp
        "0x1000, 4, RESIDENT", // X
        "0x1000, 0, RESIDENT", // no right asked for
        "0x1000, 2, REFUSED", // W
        "0x1fff, 1, RESIDENT",
        "0x2000, 1, NO_AREA",
        "0x0fff, 1, NO_AREA",
        "0x4000, 3, RESIDENT", // rw-p
        "0x4000, 4, REFUSED",
        "0x8000, 1, REFUSED", // a guard
        "0x8000, 0, REFUSED",
        "0x9000, 1, REFUSED", // privileged
        "0x9000, 9, RESIDENT",
        "0x4000, 9, RESIDENT", // a privileged access to a user's page
        "0xffffffffffffffff, 1, RESIDENT"
    })
    void checksRightsAndPrivilege(String address, int access, FaultInResult result) {
        space.load(
                """
                1000-2000 r-xp
                4000-6000 rw-p
                8000-9000 ---p
                9000-a000 r--pk
                fffffffffffff000-0 r--p
                """);
        long at = Long.parseUnsignedLong(address.substring(2), 16);

        assertEquals(result, space.probe(at, Access.of(access)));
        assertEquals(0, space.counts().resident());
        assertEquals(0, space.counts().calls());
        assertEquals(result, space.faultIn(at, Access.of(access)));
        assertEquals(result == FaultInResult.RESIDENT ? 1 : 0, space.counts().resident());
    }

    @Test
    void writesDownEachPageOnce() {
        space.add(Area.demandZero(0, 0x4000, Access.of(FaultBits.READ | FaultBits.WRITE)));

        space.faultIn(0x1010, Access.READ);
        space.faultIn(0x1fff, Access.READ);
        space.faultIn(0x1000, Access.WRITE);
        space.faultIn(0x1000, Access.WRITE);
        space.faultIn(0x3000, Access.WRITE);
        space.discard(0x1000, 0x1000);
        space.faultIn(0x1000, Access.READ);

        assertEquals(
                List.of(
                        new PageIn(0, 0x1000, Access.READ, PageIn.Kind.BROUGHT_IN),
                        new PageIn(1, 0x1000, Access.WRITE, PageIn.Kind.MADE_WRITABLE),
                        new PageIn(2, 0x3000, Access.WRITE, PageIn.Kind.BROUGHT_IN_WRITABLE),
                        new PageIn(3, 0x1000, Access.NONE, PageIn.Kind.DISCARDED),
                        new PageIn(4, 0x1000, Access.READ, PageIn.Kind.BROUGHT_IN)),
                space.log(10));
        Counts counts = space.counts();
        assertEquals(6, counts.calls());
        assertEquals(3, counts.broughtIn());
        assertEquals(1, counts.madeWritable());
        assertEquals(1, counts.discarded());
        assertEquals(2, counts.resident());
        assertEquals(5, counts.logged());
    }

    @Test
    void takesMemoryForAPrivateCopyBesideTheSharedPage() {
        Modelled small = new Modelled("small", withMemory(3));
        small.load("1000-3000 rw-p 0 08:02 5 /lib\n5000-9000 rw-p\n");

        assertEquals(FaultInResult.RESIDENT, small.faultIn(0x1000, Access.READ));
        assertEquals(1, small.counts().memoryPages());
        assertEquals(FaultInResult.RESIDENT, small.faultIn(0x1000, Access.WRITE));
        assertEquals(2, small.counts().memoryPages());
        assertEquals(FaultInResult.OUT_OF_MEMORY, small.faultIn(0x2000, Access.WRITE));
        assertEquals(FaultInResult.RESIDENT, small.faultIn(0x2000, Access.READ));
        assertEquals(FaultInResult.OUT_OF_MEMORY, small.faultIn(0x2000, Access.WRITE));
        assertEquals(3, small.counts().memoryPages());
    }

    @Test
    void takesNoMemoryForZerosThatAreOnlyRead() {
        Modelled small = new Modelled("small", withMemory(1));
        small.load("1000-9000 rw-p\n");

        for (long page = 0x1000; page < 0x9000; page += 0x1000) {
            assertEquals(FaultInResult.RESIDENT, small.faultIn(page, Access.READ));
        }
        assertEquals(FaultInResult.RESIDENT, small.faultIn(0x1000, Access.WRITE));
        assertEquals(FaultInResult.OUT_OF_MEMORY, small.faultIn(0x2000, Access.WRITE));
        small.remove(0x1000);

        assertEquals(0, small.counts().memoryPages());
        assertEquals(0, small.counts().resident());
        assertEquals(0, small.counts().tableBytes());
    }

    @Test
    void isOutOfMemoryWhenThePageTablesAreFull() {
        Modelled huge = new Modelled("huge", new SpaceOptions(4096, false, 64 << 10, 1000, 16));
        huge.add(Area.demandZero(0, Area.LONGEST, Access.READ));

        Map<FaultInResult, Integer> results = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            results.merge(huge.faultIn((long) i << 47, Access.READ), 1, Integer::sum);
        }

        assertTrue(results.get(FaultInResult.RESIDENT) >= 4, results::toString);
        assertTrue(results.get(FaultInResult.OUT_OF_MEMORY) > 900, results::toString);
        assertTrue(huge.counts().tableBytes() <= 64 << 10);
        assertEquals(
                (long) results.get(FaultInResult.OUT_OF_MEMORY),
                huge.counts().failures().get(FaultInResult.OUT_OF_MEMORY));
    }

    @Test
    void refusesAreasThatOverlapOrAreNotAligned() {
        space.add(Area.demandZero(0x1000, 0x2000, Access.READ));

        for (Area wrong :
                List.of(
                        Area.demandZero(0x2000, 0x1000, Access.READ),
                        Area.demandZero(0, 0x2000, Access.READ),
                        Area.demandZero(0x8800, 0x1000, Access.READ),
                        Area.demandZero(0x8000, 0x10, Access.READ))) {
            assertThrows(IllegalArgumentException.class, () -> space.add(wrong));
        }
        assertThrows(
                IllegalArgumentException.class, () -> space.load("8000-9000 r--p\n0-2000 r--p"));

        assertEquals(1, space.areas().size());
    }

    @Test
    void failsAsItsScriptsSay() {
        space.load("0-10000 rwxp");
        space.script(
                List.of(
                        ScriptText.parse("fail 2 io_error"),
                        ScriptText.parse("fail 0x4000-0x4fff out_of_memory")));

        assertEquals(FaultInResult.RESIDENT, space.faultIn(0, Access.READ));
        assertEquals(FaultInResult.IO_ERROR, space.probe(0x4000, Access.READ));
        assertEquals(FaultInResult.IO_ERROR, space.faultIn(0x4000, Access.READ));
        assertEquals(FaultInResult.OUT_OF_MEMORY, space.faultIn(0x4fff, Access.READ));
        assertEquals(FaultInResult.RESIDENT, space.faultIn(0x5000, EXECUTE));
        space.script(List.of());

        assertEquals(FaultInResult.RESIDENT, space.faultIn(0x4000, Access.READ));
    }

    @Test
    void mayBeBlockedOnlyIfItWasMadeSo() {
        assertThrows(
                IllegalArgumentException.class,
                () -> space.script(List.of(ScriptedFault.block(0, -1))));
        assertFalse(space.mayBlock());
    }

    /** Pages of an area against a map from page to state. */
    @Property(tries = 200)
    void keepsTheBooksOfASimpleMap(@ForAll long seed) {
        Random random = new Random(seed);
        Modelled modelled = new Modelled("m", new SpaceOptions(4096, false, 1 << 20, 500, 1 << 12));
        modelled.load("10000-110000 rw-p\n200000-300000 rw-s\n400000-500000 r--p 0 08:02 7 /x");
        Map<Long, Boolean> model = new HashMap<>();
        long in = 0;

        for (int i = 0; i < 300; i++) {
            long page = random.nextInt(0x600) * 4096L;
            boolean write = random.nextInt(3) == 0;
            if (random.nextInt(20) == 0) {
                long length = (1 + random.nextInt(64)) * 4096L;
                long gone = modelled.discard(page, length);
                long before = model.size();
                model.keySet().removeIf(p -> p >= page && p < page + length);
                assertEquals(before - model.size(), gone);
                continue;
            }
            FaultInResult expected = expected(page, write);
            assertEquals(expected, modelled.probe(page, write ? Access.WRITE : Access.READ));
            assertEquals(expected, modelled.faultIn(page, write ? Access.WRITE : Access.READ));
            if (expected == FaultInResult.RESIDENT) {
                in += model.containsKey(page) ? 0 : 1;
                model.merge(page, write, Boolean::logicalOr);
            }
        }

        assertEquals(model.size(), modelled.counts().resident());
        assertEquals(in, modelled.counts().broughtIn());
        assertEquals(memory(model), modelled.counts().memoryPages());
        assertEquals(model, replayed(modelled.log(1 << 12)));
    }

    private static FaultInResult expected(long page, boolean write) {
        boolean demandZero = page >= 0x10000 && page < 0x110000;
        boolean shared = page >= 0x200000 && page < 0x300000;
        boolean readOnly = page >= 0x400000 && page < 0x500000;
        if (!demandZero && !shared && !readOnly) {
            return FaultInResult.NO_AREA;
        }
        if (readOnly && write) {
            return FaultInResult.REFUSED;
        }
        return FaultInResult.RESIDENT;
    }

    private static long memory(Map<Long, Boolean> model) {
        return model.entrySet().stream()
                .filter(e -> e.getKey() >= 0x200000 || e.getValue())
                .count();
    }

    /** What the log says is resident. */
    private static Map<Long, Boolean> replayed(List<PageIn> log) {
        Map<Long, Boolean> resident = new HashMap<>();
        for (PageIn entry : log) {
            switch (entry.kind()) {
                case BROUGHT_IN -> resident.put(entry.address(), false);
                case BROUGHT_IN_WRITABLE, MADE_WRITABLE -> resident.put(entry.address(), true);
                case DISCARDED -> resident.remove(entry.address());
            }
        }
        return resident;
    }
}
