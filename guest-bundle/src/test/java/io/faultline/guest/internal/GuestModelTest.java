package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Response;
import io.faultline.guest.GuestView;
import io.faultline.guest.internal.TestGuest.Got;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/**
 * A guest that answers, stalls, dies, comes back, answers late, twice and wrongly, in any order: a
 * model says what each of that comes to, for the guest and for the hardware.
 */
class GuestModelTest {
    private enum Action {
        OFFER,
        OFFER_WHILE_PAUSED,
        ANSWER,
        REFUSE,
        ANSWER_TWICE,
        ANSWER_LATE,
        ANSWER_WHAT_IS_NOBODYS,
        ANSWER_BY_A_WRONG_CODE,
        SAY_NONSENSE,
        STALL,
        DIE_AND_COME_BACK
    }

    @Property(tries = 40)
    void endsEveryGroupOnceAndSaysWhatIsWrong(@ForAll @Size(min = 1, max = 30) List<Action> actions)
            throws Exception {
        try (Rig rig = new Rig(Map.of("pause.limit.ms", 60_000));
                Model model = new Model(rig)) {
            model.offer();
            for (Action action : actions) {
                model.act(action);
            }
            model.check();
        }
    }

    private static final class Model implements AutoCloseable {
        private final Rig rig;
        private final Set<Integer> open = new LinkedHashSet<>();
        private final List<Integer> ended = new ArrayList<>();
        private final List<Response> responses = new ArrayList<>();
        private final int device;
        private TestGuest guest;
        private int offered;

        Model(Rig rig) throws Exception {
            this.rig = rig;
            guest = new TestGuest(rig.socket);
            device = guest.claim("0x100", 1);
        }

        void act(Action action) throws Exception {
            switch (action) {
                case OFFER -> offer();
                case OFFER_WHILE_PAUSED -> offerWhilePaused();
                case ANSWER -> answer(0, Response.SUCCESS);
                case REFUSE -> answer(1, Response.INVALID);
                case ANSWER_TWICE -> {
                    if (answer(0, Response.SUCCESS)) {
                        refused(ended.get(ended.size() - 1), 1, ErrorCode.LATE);
                    }
                }
                case ANSWER_LATE -> {
                    if (!ended.isEmpty()) {
                        refused(ended.get(0), 0, ErrorCode.LATE);
                    }
                }
                case ANSWER_WHAT_IS_NOBODYS -> refused(0x4000_0000, 0, ErrorCode.BAD_COOKIE);
                case ANSWER_BY_A_WRONG_CODE -> {
                    if (!open.isEmpty()) {
                        refused(open.iterator().next(), 2, ErrorCode.BAD_CODE);
                    }
                }
                case SAY_NONSENSE -> {
                    guest.send(Frame.begin(5, 99, 3).put(new byte[5]).flip());
                    assertEquals(ErrorCode.BAD_TYPE.number(), guest.error());
                }
                case STALL -> stall();
                case DIE_AND_COME_BACK -> dieAndComeBack();
            }
        }

        void offer() throws Exception {
            rig.offer(rig.group(offered++));
            open.add(guest.await(Frame.FAULTS).cookies().get(0));
        }

        private void offerWhilePaused() throws Exception {
            do { // behind a pause it has to run for as long
                guest.pause(device, 50_000);
            } while (guest.read().type() == Frame.ERROR);
            rig.offer(rig.group(offered++));
            guest.pause(device, 0);
            guest.await(Frame.RESULT); // before the group
            open.add(guest.await(Frame.FAULTS).cookies().get(0));
        }

        private boolean answer(int code, Response response) throws Exception {
            if (open.isEmpty()) {
                return false;
            }
            int cookie = open.iterator().next();
            guest.answer(cookie, code);
            open.remove(cookie);
            ended.add(cookie);
            awaitResponse(response, 1);
            return true;
        }

        private void refused(int cookie, int code, ErrorCode error) throws Exception {
            guest.answer(cookie, code);
            Got got = guest.await(Frame.ERROR);
            assertEquals(List.of(error.number(), cookie), List.of(got.word(0), got.word(1)));
        }

        /** Beyond the deadline of all. */
        private void stall() throws Exception {
            rig.advance(Duration.ofSeconds(11));
            Set<Integer> told = new LinkedHashSet<>();
            while (told.size() < open.size()) {
                Got got = guest.await(Frame.WITHDRAWN);
                for (int i = 0; i < got.count(); i++) {
                    told.add(got.word(2 * i));
                    assertEquals(Session.EXPIRED, got.word(2 * i + 1));
                }
            }
            assertEquals(open, told);
            endAll();
        }

        private void dieAndComeBack() throws Exception {
            byte[] token = guest.token;
            guest.close();
            endAll();
            rig.until("away", () -> rig.view().state().equals("away"));
            guest = new TestGuest(rig.socket);
            guest.resume(token);
            assertEquals(device, guest.granted());
        }

        private void endAll() throws Exception {
            int count = open.size();
            ended.addAll(open);
            open.clear();
            awaitResponse(Response.INVALID, count);
        }

        private void awaitResponse(Response response, int count) throws Exception {
            for (int i = 0; i < count; i++) {
                responses.add(response);
            }
            rig.until("answers", () -> rig.lane.responses().size() >= responses.size());
            assertEquals(responses, rig.lane.responses());
        }

        void check() throws Exception {
            endAllByDetaching();
            assertEquals(offered, rig.lane.responses().size(), "each once (R7)");
            rig.until("count", () -> rig.view().read() == offered);
            GuestView view = rig.view();
            assertEquals(
                    List.of((long) offered, 0L, 0L, 0L, 0L),
                    List.of(
                            view.enqueued(),
                            view.dropped(),
                            view.withdrawn(),
                            view.waiting(),
                            view.outstanding()));
        }

        private void endAllByDetaching() throws Exception {
            guest.detach(device);
            guest.await(Frame.RESULT);
            endAll();
        }

        @Override
        public void close() throws IOException {
            guest.close();
        }
    }
}
