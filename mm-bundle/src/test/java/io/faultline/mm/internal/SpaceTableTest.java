package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.Unit;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.ModelledSpace;
import io.faultline.mm.ScriptedFault;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpaceTableTest {
    private static final Unit UNIT = new Unit("smmuv3", "smmu0");
    private static final SpaceOptions BLOCKING = SpaceOptions.DEFAULTS.withMayBlock(true);

    private final List<String> said = new ArrayList<>();
    private final SpaceTable table = new SpaceTable(said::add);

    private ModelledSpace make(String name) {
        ModelledSpace space = table.createModelled(name, BLOCKING);
        space.load("0-100000 rwxp");
        return space;
    }

    private String found(int requester, int pasid, int stage) {
        AddressSpace space = table.find(UNIT, requester, pasid, stage);
        return space == null ? "" : space.name();
    }

    @Test
    void findsTheNarrowestBinding() {
        for (String name : List.of("all", "unit", "device", "one", "none", "guest")) {
            make(name);
        }
        table.bind("all", BindingText.parse("pasid=any"));
        table.bind("unit", BindingText.parse("unit=smmu0"));
        table.bind("device", BindingText.parse("requester=0x10"));
        table.bind("one", BindingText.parse("requester=0x10 pasid=7"));
        table.bind("none", BindingText.parse("unit=smmu0 requester=0x10 pasid=none"));
        table.bind("guest", BindingText.parse("requester=0x10-0x20 stage=2"));

        assertEquals("one", found(0x10, 7, 1));
        assertEquals("none", found(0x10, Fault.NO_PASID, 1));
        assertEquals("device", found(0x10, 8, 1));
        assertEquals("unit", found(-1, 8, 1));
        assertEquals("all", table.find(new Unit("vtd", "dmar0"), 1, 1, 1).name());
        assertEquals("guest", found(0x20, Fault.NO_PASID, 2));
        assertEquals("", found(0x21, Fault.NO_PASID, 2));
    }

    /** Whoever reads that a space is bound may send it faults from then on. */
    @Test
    void findsWhatASpaceSaysItIsBoundTo() throws Exception {
        SpaceBinding binding = BindingText.parse("requester=0x10 pasid=7");
        for (int i = 0; i < 200; i++) {
            ModelledSpace space = make("s" + i);
            CompletableFuture<String> seen =
                    CompletableFuture.supplyAsync(
                            () -> {
                                while (space.bindings().isEmpty()) {
                                    Thread.onSpinWait();
                                }
                                return found(0x10, 7, 1);
                            });
            table.bind(space.name(), binding);
            assertEquals(space.name(), seen.get(60, TimeUnit.SECONDS));
            table.destroy(space.name());
        }
    }

    /** Against asking every binding. */
    @Property(tries = 200)
    void findsWhatAskingEachBindingFinds(@ForAll long seed) {
        Random random = new Random(seed);
        SpaceTable many = new SpaceTable(said::add);
        List<SpaceBinding> bound = new ArrayList<>();
        many.createModelled("s", BLOCKING);
        for (int i = 0; i < 40; i++) {
            int requester = random.nextInt(8);
            int pasid = random.nextInt(8) - 1;
            SpaceBinding binding =
                    new SpaceBinding(
                            random.nextBoolean() ? null : "smmu" + random.nextInt(2),
                            requester,
                            requester + random.nextInt(2) * random.nextInt(4),
                            pasid,
                            pasid + random.nextInt(2) * random.nextInt(4),
                            1);
            if (!bound.contains(binding)) {
                many.bind("s", binding);
                bound.add(binding);
            } else {
                assertTrue(many.unbind("s", binding));
                bound.remove(binding);
            }
        }

        for (int requester = 0; requester < 12; requester++) {
            for (int pasid = -1; pasid < 12; pasid++) {
                int r = requester;
                int p = pasid;
                boolean expected = bound.stream().anyMatch(b -> b.covers(UNIT, r, p, 1));
                assertEquals(expected, many.find(UNIT, r, p, 1) != null);
            }
        }
    }

    @Test
    void givesEqualObjectsForOneSpace() {
        make("a");
        make("b");
        table.bind("a", SpaceBinding.of("smmu0", 1, 1));
        table.bind("a", SpaceBinding.of("smmu0", 2, 1));
        table.bind("b", SpaceBinding.of("smmu0", 3, 1));

        AddressSpace one = table.find(UNIT, 1, 1, 1);

        assertEquals(one, table.find(UNIT, 2, 1, 1));
        assertEquals(one.hashCode(), table.find(UNIT, 2, 1, 1).hashCode());
        assertNotEquals(one, table.find(UNIT, 3, 1, 1));
    }

    @Test
    void refusesASecondSpaceOfANameAndASecondBinding() {
        make("a");
        make("b");
        SpaceBinding binding = SpaceBinding.of("smmu0", 1, 1);
        table.bind("a", binding);

        assertThrows(IllegalArgumentException.class, () -> make("a"));
        assertThrows(IllegalArgumentException.class, () -> make(" "));
        assertThrows(IllegalArgumentException.class, () -> table.bind("b", binding));
        assertThrows(IllegalArgumentException.class, () -> table.unbind("b", binding));
        assertThrows(IllegalArgumentException.class, () -> table.bind("c", binding));
        assertThrows(IllegalArgumentException.class, () -> table.destroy("c"));
    }

    @Test
    void letsNobodyInThroughABindingThatIsGone() {
        make("a");
        SpaceBinding binding = SpaceBinding.of("smmu0", 1, 1);
        SpaceBinding other = SpaceBinding.of("smmu0", 2, 1);
        table.bind("a", binding);
        table.bind("a", other);
        AddressSpace found = table.find(UNIT, 1, 1, 1);
        assertEquals(FaultInResult.RESIDENT, found.faultIn(0, Access.READ));

        assertTrue(table.unbind("a", binding));

        assertNull(table.find(UNIT, 1, 1, 1));
        assertEquals(FaultInResult.GOING_AWAY, found.faultIn(0, Access.READ));
        assertEquals(FaultInResult.GOING_AWAY, found.probe(0, Access.READ));
        assertEquals(FaultInResult.RESIDENT, table.find(UNIT, 2, 1, 1).faultIn(0, Access.READ));
        assertEquals(List.of(other), table.space("a").bindings());
        assertEquals(2, table.space("a").counts().calls(), "calls by a former binding count");
    }

    /** R6: a call that blocks ends, and nobody is inside when the space is gone. */
    @ParameterizedTest
    @ValueSource(strings = {"unbind", "destroy", "close"})
    void endsACallThatAScriptBlocks(String how) throws Exception {
        ModelledSpace space = make("a");
        SpaceBinding binding = SpaceBinding.of("smmu0", 1, 1);
        table.bind("a", binding);
        space.script(List.of(ScriptedFault.block(0, -1)));
        AddressSpace found = table.find(UNIT, 1, 1, 1);
        CompletableFuture<FaultInResult> call = inside(() -> found.faultIn(0, Access.READ));
        await(() -> space.counts().calls() == 1);
        assertEquals(FaultInResult.RESIDENT, space.probe(0, Access.READ), "a probe never blocks");

        switch (how) {
            case "unbind" -> assertTrue(table.unbind("a", binding));
            case "destroy" -> assertTrue(table.destroy("a"));
            default -> table.close();
        }

        assertEquals(FaultInResult.GOING_AWAY, call.get(60, TimeUnit.SECONDS));
        assertEquals(List.of(), said);
    }

    /** It was let in, and is late: whoever closed the gate has woken the others already. */
    @Test
    void endsACallThatBeginsToWaitOnceItsGateIsClosed() throws Exception {
        Modelled space = new Modelled("a", BLOCKING);
        space.script(List.of(ScriptedFault.block(0, -1)));
        Gate gate = new Gate();
        gate.close();
        space.wake();

        CompletableFuture<FaultInResult> call = inside(() -> space.disturbance(gate, 0));

        assertEquals(FaultInResult.GOING_AWAY, call.get(60, TimeUnit.SECONDS));
    }

    @Test
    void goesOnBlockingTheOthersWhenOneBindingLeaves() throws Exception {
        ModelledSpace space = make("a");
        SpaceBinding binding = SpaceBinding.of("smmu0", 1, 1);
        table.bind("a", binding);
        table.bind("a", SpaceBinding.of("smmu0", 2, 1));
        space.script(List.of(ScriptText.parse("block 1")));
        AddressSpace stays = table.find(UNIT, 2, 1, 1);
        CompletableFuture<FaultInResult> call = inside(() -> stays.faultIn(0, Access.READ));
        await(() -> space.counts().calls() == 1);

        assertTrue(table.unbind("a", binding));

        assertFalse(call.isDone());
        space.script(List.of());
        assertEquals(FaultInResult.RESIDENT, call.get(60, TimeUnit.SECONDS));
    }

    @Test
    void givesUpACallThatDoesNotEnd() throws Exception {
        Stuck stuck = new Stuck();
        BoundSpace bound = new BoundSpace(stuck, SpaceBinding.of(null, 1, 1));
        CompletableFuture<FaultInResult> call = inside(() -> bound.faultIn(0, Access.READ));
        stuck.inside.get(60, TimeUnit.SECONDS);
        bound.gate().close();

        assertFalse(bound.gate().awaitEmpty(System.nanoTime() + 1_000_000));
        stuck.go.complete(null);

        assertTrue(bound.gate().awaitEmpty(System.nanoTime() + TimeUnit.SECONDS.toNanos(60)));
        assertEquals(FaultInResult.NO_AREA, call.get(60, TimeUnit.SECONDS));
    }

    /** Does not come back before it is told to. */
    private static final class Stuck extends Space {
        final CompletableFuture<Void> inside = new CompletableFuture<>();
        final CompletableFuture<Void> go = new CompletableFuture<>();

        Stuck() {
            super("stuck", BLOCKING);
        }

        @Override
        FaultInResult disturbance(Gate gate, long address) {
            inside.complete(null);
            go.join();
            return null;
        }
    }

    @Test
    void makesNothingMoreOnceItGoesAway() {
        make("a");
        table.goAway();

        assertThrows(IllegalStateException.class, () -> make("b"));
        assertEquals(FaultInResult.GOING_AWAY, table.space("a").faultIn(0, Access.READ));
        table.close();
        assertEquals(List.of(), table.spaces());
    }

    private static CompletableFuture<FaultInResult> inside(
            java.util.function.Supplier<FaultInResult> call) {
        CompletableFuture<FaultInResult> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> result.complete(call.get()));
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "in vain");
            Thread.sleep(1);
        }
    }
}
