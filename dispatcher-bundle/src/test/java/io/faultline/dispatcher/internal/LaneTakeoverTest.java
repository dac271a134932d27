package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Batch;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import io.faultline.platform.Counts;
import io.faultline.platform.HandlerView;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R14: a plug-in that blocks holds up its own fault, and nothing else. */
class LaneTakeoverTest {
    private static final long ABSENT = 0xbad_0000L;

    /** Long enough for a call that only lost its processor. */
    private static final int LIMIT_MILLIS = 300;

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Dispatcher dispatcher = Dispatcher.running(Settings.DEFAULTS, messages::add);
    private final FakeUnit unit = new FakeUnit("u", 1024);
    private final Gate gate = new Gate();

    LaneTakeoverTest() {
        dispatcher.configure(Map.of("handler.limit.ms", LIMIT_MILLIS));
        dispatcher.addDecoder(
                new FakeUnit.Decoder(), Source.named("decoder", 1), FakeUnit.DECODER_PROPERTIES);
        dispatcher.addEncoder(
                new FakeUnit.Encoder(), Source.named("encoder", 2), FakeUnit.ENCODER_PROPERTIES);
    }

    @AfterEach
    void close() {
        gate.open();
        dispatcher.close(Response.INVALID);
    }

    /** Keeps who comes for the first time, until it is opened; nobody afterwards. */
    private static final class Gate {
        private final CountDownLatch opened = new CountDownLatch(1);
        private final CountDownLatch leaving = new CountDownLatch(1);
        private volatile boolean used;

        void enter() {
            if (!used) {
                used = true;
                while (opened.getCount() > 0) {
                    LockSupport.parkNanos(1_000_000);
                }
                leaving.countDown();
            }
        }

        void open() {
            opened.countDown();
        }
    }

    /** Notes what it is offered and told. */
    private static class Noting implements FaultHandler {
        final List<Long> seen = new CopyOnWriteArrayList<>();
        final List<String> failures = new CopyOnWriteArrayList<>();
        final List<Integer> batches = new CopyOnWriteArrayList<>();
        final List<Notice> notices = new CopyOnWriteArrayList<>();
        final List<Deferral> deferrals = new CopyOnWriteArrayList<>();

        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            seen.add(fault.iova());
            context.failures().forEach(f -> failures.add(f.handler() + " " + f.reason()));
            return fault instanceof PageRequestGroup
                    ? Verdict.handled(Response.SUCCESS)
                    : Verdict.HANDLED;
        }

        @Override
        public void endOfBatch(Batch batch) {
            batches.add(batch.records());
        }

        @Override
        public void notice(Notice notice) {
            notices.add(notice);
        }
    }

    private <H extends FaultHandler> H add(String name, long id, int ranking, H handler) {
        dispatcher.addHandler(
                handler, Source.named(name, id), FakeHandler.properties(ranking, Stage.ALL));
        return handler;
    }

    private void replaceEncoderByOneThatBlocks() {
        FakeUnit.Encoder encoder = new FakeUnit.Encoder();
        dispatcher.removeEncoder(2);
        dispatcher.addEncoder(
                new ResponseEncoder() {
                    @Override
                    public int commandBytes() {
                        return encoder.commandBytes();
                    }

                    @Override
                    public boolean encode(PageRequestGroup group, Response r, ByteBuffer to) {
                        gate.enter();
                        return encoder.encode(group, r, to);
                    }
                },
                Source.named("blocking", 3),
                FakeUnit.ENCODER_PROPERTIES);
    }

    private void plug() {
        dispatcher.addUnit(unit, Source.named("u", 20));
    }

    private Counts counts() {
        return dispatcher.platform().units().get(0).counts();
    }

    private String stateOf(String name) {
        return dispatcher.platform().handlers().stream()
                .filter(view -> view.name().equals(name))
                .map(HandlerView::state)
                .findFirst()
                .orElse("gone");
    }

    private void awaitMessage(String... words) {
        await(() -> messages.stream().anyMatch(m -> List.of(words).stream().allMatch(m::contains)));
    }

    private void pages(int count) {
        for (int i = 0; i < count; i++) {
            unit.page(7, 1, i, 0x1000L * (i + 1), true);
        }
    }

    private void awaitAnswers(int count) {
        await(
                () -> {
                    synchronized (unit) {
                        return unit.answers.size() >= count;
                    }
                });
    }

    @Test
    void asksTheNextHandlerAboutTheFaultThatOneBlocksOn() {
        Noting blocking =
                add(
                        "blocking",
                        10,
                        5,
                        new Noting() {
                            @Override
                            public Verdict handle(Fault fault, FaultContext context) {
                                Verdict verdict = super.handle(fault, context);
                                gate.enter();
                                return verdict;
                            }
                        });
        Noting next = add("next", 11, 1, new Noting());
        pages(20);
        plug();

        awaitAnswers(20);

        assertEquals(20, next.seen.size());
        assertEquals(List.of(0x1000L), blocking.seen);
        assertEquals(
                List.of("blocking blocked: did not return within " + LIMIT_MILLIS + " ms"),
                next.failures);
        assertEquals("out: its call on lane u:q has not returned", stateOf("blocking"));
        awaitMessage("blocking has not let go of lane u:q", "Gate.enter", "handle");

        gate.open();
        await(() -> stateOf("blocking").equals("active"));
        pages(1);

        awaitAnswers(21);
        assertEquals(2, blocking.seen.size());
        assertEquals(20, next.seen.size());
        Sums.check(counts());
        HandlerView view =
                dispatcher.platform().handlers().stream()
                        .filter(v -> v.name().equals("blocking"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(2, view.offered());
        assertEquals(1, view.failed());
        assertEquals(1, view.handled());
    }

    @Test
    void takesNothingOfWhatACallSaysThatWasGivenUp() {
        Deferral[] late = new Deferral[2];
        boolean[] concluded = {true, true};
        add(
                "blocking",
                10,
                5,
                (fault, context) -> {
                    late[0] = context.defer();
                    gate.enter();
                    late[1] = context.defer();
                    for (int i = 0; i < 2; i++) {
                        concluded[i] = late[i].conclude(Verdict.handled(Response.FAILURE));
                    }
                    return Verdict.DEFERRED;
                });
        add("next", 11, 1, new Noting());
        pages(1);
        plug();
        awaitAnswers(1);

        gate.open();
        await(() -> stateOf("blocking").equals("active"));

        assertFalse(concluded[0]);
        assertFalse(concluded[1]);
        assertEquals(List.of("SUCCESS 7/0"), unit.takeAnswers());
        Sums.check(counts());
    }

    @Test
    void goesOnWithGroupsThatAreOfferedAgain() {
        add(
                "passing on",
                9,
                9,
                new Noting() {
                    @Override
                    public Verdict handle(Fault fault, FaultContext context) {
                        deferrals.add(context.defer());
                        return Verdict.DEFERRED;
                    }
                });
        Noting first = (Noting) handlerOf(9);
        add(
                "blocking",
                10,
                5,
                (fault, context) -> {
                    gate.enter();
                    return Verdict.PASSED;
                });
        Noting next = add("next", 11, 1, new Noting());
        pages(5);
        plug();
        await(() -> first.deferrals.size() == 5);

        first.deferrals.forEach(deferral -> assertTrue(deferral.conclude(Verdict.PASSED)));

        awaitAnswers(5);
        assertEquals(5, next.seen.size());
        assertEquals(5, counts().handled());
        Sums.check(counts());
    }

    private FaultHandler handlerOf(long id) {
        return dispatcher.snapshot().handlers().stream()
                .filter(e -> e.source.serviceId() == id)
                .findFirst()
                .orElseThrow()
                .handler;
    }

    @Test
    void tellsTheOthersTheEndOfABatchThatOneBlocksOn() {
        Noting blocking =
                add(
                        "blocking",
                        10,
                        5,
                        new Noting() {
                            @Override
                            public Verdict handle(Fault fault, FaultContext context) {
                                seen.add(fault.iova());
                                return Verdict.PASSED;
                            }

                            @Override
                            public void endOfBatch(Batch batch) {
                                super.endOfBatch(batch);
                                gate.enter();
                            }
                        });
        Noting next = add("next", 11, 1, new Noting());
        pages(1);
        plug();

        await(() -> next.batches.equals(List.of(1)));
        pages(1);
        awaitAnswers(2);

        assertEquals(List.of(1), blocking.batches);
        assertEquals(1, blocking.seen.size());
        await(() -> next.batches.equals(List.of(1, 1)));
    }

    @Test
    void tellsTheOthersANoticeThatOneBlocksOn() {
        add(
                "blocking",
                10,
                5,
                new Noting() {
                    @Override
                    public void notice(Notice notice) {
                        gate.enter();
                    }
                });
        Noting next = add("next", 11, 1, new Noting());
        plug();

        unit.ring.overflowed = true;

        await(() -> next.notices.size() == 1);
        pages(1);
        awaitAnswers(1);
        assertEquals(1, unit.ring.acknowledged.get());
    }

    @Test
    void countsARecordMalformedWhoseDecoderBlocksAndLetsTheRestWait() {
        FakeUnit.Decoder decoder = new FakeUnit.Decoder();
        dispatcher.removeDecoder(1);
        dispatcher.addDecoder(
                new RecordDecoder() {
                    @Override
                    public int recordBytes() {
                        return decoder.recordBytes();
                    }

                    @Override
                    public void decode(ByteBuffer queue, int at, FaultSink out) {
                        gate.enter();
                        decoder.decode(queue, at, out);
                    }

                    @Override
                    public void describe(Fault fault, KeySink keys) {
                        decoder.describe(fault, keys);
                    }
                },
                Source.named("blocking", 3),
                FakeUnit.DECODER_PROPERTIES);
        Noting handler = add("handler", 10, 5, new Noting());
        pages(5);
        plug();

        awaitMessage("blocking has not let go of lane u:q");
        await(() -> counts().malformed() == 1);
        await(() -> dispatcher.platform().units().get(0).queues().get(0).waiting() == 4);
        gate.open();
        awaitAnswers(4);

        assertEquals(List.of(0x2000L, 0x3000L, 0x4000L, 0x5000L), handler.seen);
        assertEquals(
                Map.of("decoder_defect", 1L), dispatcher.platform().units().get(0).malformed());
        Sums.check(counts());
    }

    @Test
    void letsAnAnswerWaitWhoseEncoderBlocks() {
        replaceEncoderByOneThatBlocks();
        add("handler", 10, 5, new Noting());
        pages(5);
        plug();

        awaitMessage("blocking has not let go of lane u:q");
        await(() -> counts().handled() == 5);
        assertEquals(List.of(), unit.takeAnswers());
        gate.open();

        awaitAnswers(5);
        assertEquals(5, unit.takeAnswers().stream().distinct().count());
        assertEquals(0, counts().undeliverable());
    }

    @Test
    void takesAHandlerOutThatBlocksTooOften() {
        dispatcher.configure(Map.of("handler.limit.ms", LIMIT_MILLIS, "handler.blocks", 2));
        Noting next = add("next", 11, 1, new Noting());
        add(
                "blocking",
                10,
                5,
                (fault, context) -> {
                    if (fault.iova() == ABSENT) {
                        untilGivenUp();
                    }
                    return Verdict.PASSED;
                });
        plug();
        unit.unrecoverable(1, ABSENT);
        await(() -> next.seen.size() == 1);
        await(() -> stateOf("blocking").equals("active"));
        unit.unrecoverable(1, ABSENT);
        await(() -> next.seen.size() == 2);

        await(() -> stateOf("blocking").startsWith("out: blocked, 2 in all"));
        awaitMessage("`faultline:readmit blocking` lets it back in");
        await(() -> stateOf("blocking").equals("active"));
        awaitMessage("blocking is let back in after its delay");
    }

    private static void untilGivenUp() {
        while (!Thread.currentThread().getName().startsWith("faultline-given-up")) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** What hangs behind another one's call: each waits for the other one's lane. */
    @Test
    void letsTwoHandlersStopEachOther() throws Exception {
        FakeUnit other = new FakeUnit("v", 16);
        CountDownLatch both = new CountDownLatch(2);
        long[] took = new long[2];
        for (int i = 0; i < 2; i++) {
            int me = i;
            Map<String, Object> properties = FakeHandler.properties(0, "unrecoverable");
            properties.put("faultline.units", i == 0 ? "u" : "v");
            dispatcher.addHandler(
                    (fault, context) -> {
                        both.countDown();
                        both.await();
                        long begin = System.nanoTime();
                        dispatcher.removeHandler(31 - me);
                        took[me] = System.nanoTime() - begin;
                        return Verdict.HANDLED;
                    },
                    Source.named("stops the other " + i, 30 + i),
                    properties);
        }
        dispatcher.configure(Map.of("handler.limit.ms", 3500));
        plug();
        dispatcher.addUnit(other, Source.named("v", 21));
        unit.unrecoverable(1, 1);
        other.unrecoverable(1, 1);

        await(() -> counts().handled() == 1 && took[0] > 0 && took[1] > 0);

        assertTrue(
                Math.max(took[0], took[1]) < Duration.ofSeconds(2).toNanos(),
                () -> took[0] + " and " + took[1] + " ns");
        assertEquals(List.of(), dispatcher.platform().handlers());
        awaitMessage("stop each other");
    }

    /** The call has lasted longer than the unit may wait: it is given up, the rest is answered. */
    @Test
    void answersWhatWaitsWhenAUnitLeavesBehindABlockedCall() {
        dispatcher.configure(Map.of("handler.limit.ms", 3500, "shutdown.grace.ms", 0));
        CountDownLatch inside = new CountDownLatch(1);
        add(
                "blocking",
                10,
                5,
                (fault, context) -> {
                    if (fault.iova() == ABSENT) {
                        inside.countDown();
                        gate.enter();
                    }
                    context.defer();
                    return Verdict.DEFERRED;
                });
        pages(2);
        unit.page(7, 1, 2, ABSENT, true);
        plug();
        await(() -> inside.getCount() == 0);

        dispatcher.removeUnit(unit, Response.SUCCESS);

        assertEquals(
                List.of("INVALID 7/2", "SUCCESS 7/0", "SUCCESS 7/1"),
                unit.takeAnswers().stream().sorted().toList());
    }

    /** The drain begins anew where its encoder blocks: what is not answered is said, and told. */
    @Test
    void drainsAUnitWhoseEncoderBlocks() {
        FakeHandler deferring = add("deferring", 10, 5, new FakeHandler("deferring").defers());
        replaceEncoderByOneThatBlocks();
        dispatcher.configure(Map.of("handler.limit.ms", 3500, "shutdown.grace.ms", 0));
        pages(2);
        plug();
        await(() -> counts().pending() == 2);

        dispatcher.removeUnit(unit, Response.SUCCESS);

        awaitMessage("its unit leaves with 2 groups undeliverable");
        assertEquals(
                List.of(Notice.Kind.UNIT_GONE),
                deferring.notices.stream()
                        .map(Notice::kind)
                        .filter(Notice.Kind.UNIT_GONE::equals)
                        .toList());
    }

    static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("not within 30 s");
            }
            LockSupport.parkNanos(50_000);
        }
    }
}
