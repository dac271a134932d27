package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.Verdict;
import io.faultline.platform.Counts;
import io.faultline.platform.DeviceControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random streams from several devices, with all that can happen to them, beside {@link
 * ReferenceModel}: after each step the same answers have gone out, and in the end every group has
 * had exactly one end (R7).
 */
class GroupStreamsTest {
    private static final int STEPS = 250;
    private static final int[] PASIDS = {Fault.NO_PASID, 1, 2};
    private static final int IO = 10;
    private static final int DRIVER = 1;

    @Property(tries = 300, shrinking = net.jqwik.api.ShrinkingMode.OFF)
    void everyGroupEndsOnceAndAsTheModelSays(@ForAll long seed) {
        new Run(seed).play();
    }

    /** One stream. */
    private static final class Run {
        private final Random random;
        private final long salt;
        private final Stage stage = new Stage();
        private final ReferenceModel model;
        private final Map<Long, Deferral> deferrals = new HashMap<>();
        private final List<Deferral> ended = new ArrayList<>();
        private final Set<Long> answered = new HashSet<>();
        private final Map<Integer, FakeHandler> handlers = new HashMap<>();
        private final List<String> story = new ArrayList<>();

        Run(long seed) {
            random = new Random(seed);
            salt = seed;
            boolean pasidInAnswers = random.nextInt(4) > 0;
            model = new ReferenceModel(pasidInAnswers, this::saying);
            stage.unit.answersCarryPasid = pasidInAnswers;
            stage.set("partial.age.ms", (int) ReferenceModel.AGE);
            stage.set("pending.limit.unit", 65_536);
            stage.set("pending.limit.device", 65_536);
            stage.set("device.share", 1.0);
            come(IO);
            come(DRIVER);
        }

        /** The same for each question, so that handlers and model agree without speaking. */
        private ReferenceModel.Say saying(long handler, long record) {
            ReferenceModel.Say[] all = ReferenceModel.Say.values();
            return all[new Random(salt + 31 * record + 7919 * handler).nextInt(all.length)];
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                act();
                settle();
            }
            if (random.nextBoolean()) {
                ring(false);
                settle();
            }
            say("leave");
            stage.dispatcher.removeUnit(stage.unit, Response.SUCCESS);
            model.leave();
            compareAnswers();
            assertEquals(0, model.waiting());
            assertEquals(
                    model.groups,
                    model.answered + model.withdrawn + model.undeliverable,
                    this::toString);
            for (Deferral deferral : deferrals.values()) {
                assertFalse(deferral.conclude(Verdict.handled(Response.SUCCESS)), this::toString);
            }
        }

        private void act() {
            switch (random.nextInt(24)) {
                case 0 -> {
                    say("overflow");
                    stage.unit.ring.overflowed = true;
                    stage.step();
                    model.overflow();
                }
                case 1 -> {
                    say("reset");
                    stage.unit.generation++;
                    stage.step();
                    model.reset();
                }
                case 2, 3, 4 -> {
                    int millis = 1 + random.nextInt(3000);
                    say("wait " + millis);
                    model.now += millis;
                    stage.step(millis);
                }
                case 5, 6, 7, 8 -> conclude();
                case 9 -> {
                    int requester = requester();
                    say("remove " + requester);
                    stage.dispatcher.control().remove("unit0", requester);
                    stage.step();
                    model.remove(requester);
                }
                case 10 -> flush();
                case 11 -> ring(!model.ringFull);
                case 12 -> {
                    int ranking = random.nextBoolean() ? IO : DRIVER;
                    if (handlers.containsKey(ranking)) {
                        go(ranking);
                    } else {
                        come(ranking);
                    }
                }
                default -> records();
            }
        }

        private void records() {
            int n = 1 + random.nextInt(8);
            for (int i = 0; i < n; i++) {
                int requester = requester();
                int pasid = PASIDS[random.nextInt(PASIDS.length)];
                int index = random.nextInt(3);
                switch (random.nextInt(10)) {
                    case 0 -> {
                        say("stop " + requester + "/" + pasid);
                        stage.unit.write(FakeUnit.Say.STOP_MARKER, requester, pasid, 0, 0, 0);
                        model.stopMarker(requester, pasid);
                    }
                    case 1, 2 -> {
                        say("stall " + requester + "/" + index);
                        stage.unit.stall(requester, index, 0x1000);
                        model.stall(requester, index);
                    }
                    default -> {
                        boolean last = random.nextInt(3) > 0;
                        say("page " + requester + "/" + pasid + "/" + index + (last ? " L" : ""));
                        stage.unit.page(requester, pasid, index, 0x1000, last);
                        model.page(requester, pasid, index, last);
                    }
                }
            }
            stage.step();
            model.send();
        }

        private void conclude() {
            List<Long> deferred = model.deferred();
            if (deferred.isEmpty()) {
                return;
            }
            long record = deferred.get(random.nextInt(deferred.size()));
            ReferenceModel.Say[] all = ReferenceModel.Say.values();
            ReferenceModel.Say say = all[random.nextInt(all.length - 1)];
            say("conclude " + record + " " + say);
            Deferral deferral = deferrals.get(record);
            assertTrue(deferral.conclude(verdict(say)), this::toString);
            ended.add(deferral);
            stage.step();
            model.conclude(record, say);
        }

        private void flush() {
            int requester = requester();
            int which = random.nextInt(PASIDS.length + 1);
            Integer pasid = which == PASIDS.length ? null : PASIDS[which];
            long limit = random.nextInt(2000);
            say("flush " + requester + "/" + pasid + " " + limit);
            stage.dispatcher
                    .control()
                    .flush(
                            "unit0",
                            requester,
                            pasid == null ? DeviceControl.ALL_PASIDS : pasid,
                            limit);
            stage.step();
            model.flush(requester, pasid, limit);
        }

        private void ring(boolean full) {
            say(full ? "ring full" : "ring has room");
            stage.unit.full = full;
            model.ringFull = full;
            stage.step();
            model.send();
        }

        private void come(int ranking) {
            say("handler " + ranking + " comes");
            String name = ranking == IO ? "io" : "driver";
            FakeHandler handler =
                    stage.handler(name, FakeHandler.properties(ranking, "page_request"));
            long id = stage.id(handler);
            handler.does(
                    (fault, context) -> {
                        ReferenceModel.Say say = saying(id, fault.sequence());
                        if (say == ReferenceModel.Say.DEFERRED) {
                            deferrals.put(fault.sequence(), context.defer());
                            return Verdict.DEFERRED;
                        }
                        assertTrue(fault instanceof PageRequestGroup);
                        return verdict(say);
                    });
            handlers.put(ranking, handler);
            model.handlerComes(ranking, id);
        }

        private void go(int ranking) {
            say("handler " + ranking + " leaves");
            stage.remove(handlers.remove(ranking));
            stage.step();
            model.handlerLeaves(ranking);
        }

        private static Verdict verdict(ReferenceModel.Say say) {
            return switch (say) {
                case SUCCESS, INVALID, FAILURE -> Verdict.handled(Response.valueOf(say.name()));
                case PASSED -> Verdict.PASSED;
                case FAILED -> Verdict.failed("as told");
                case FAILED_SUGGESTS_FAILURE -> Verdict.failed("as told", Response.FAILURE);
                case DEFERRED -> Verdict.DEFERRED;
            };
        }

        private int requester() {
            return 7 + random.nextInt(3);
        }

        private void settle() {
            model.due();
            stage.step();
            compareAnswers();
            for (Deferral deferral : ended) {
                assertFalse(deferral.conclude(Verdict.PASSED), this::toString);
            }
            Counts counts = stage.counts();
            Sums.check(counts);
            assertEquals(model.records, counts.records(), this::toString);
            assertEquals(model.partialRequests(), counts.partial(), this::toString);
            assertEquals(model.discarded, counts.discarded(), this::toString);
            assertEquals(model.withdrawn, counts.withdrawn(), this::toString);
            assertEquals(model.undeliverable, counts.undeliverable(), this::toString);
            assertEquals(model.duplicateTags, counts.malformed(), this::toString);
        }

        private void compareAnswers() {
            List<String> expected = model.answers.stream().sorted().toList();
            assertEquals(
                    expected, stage.unit.takeAnswered().stream().sorted().toList(), this::toString);
            model.answers.clear();
            for (String answer : expected) {
                long record = Long.parseLong(answer.substring(0, answer.indexOf(' ')));
                assertTrue(answered.add(record), () -> "two answers to " + record + this);
            }
        }

        private void say(String what) {
            story.add(what);
        }

        /** What was done last. */
        @Override
        public String toString() {
            List<String> last = story.subList(Math.max(0, story.size() - 40), story.size());
            return "after " + story.size() + " deeds, the last: " + String.join(", ", last);
        }
    }
}
