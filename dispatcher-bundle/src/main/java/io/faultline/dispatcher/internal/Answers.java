package io.faultline.dispatcher.internal;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * The answers of one queue, from decided to taken by hardware (R7). A group leaves the outstanding
 * ones just before its command enters the ring, since its tag or index can come back at once. What
 * finds no encoder, or no room, waits until its group's deadline and is tried again at each end of
 * batch and while idle, as many as groups may be outstanding; what was taken is never sent again.
 */
final class Answers {
    /**
     * How long an answer is tried at least: one that is decided at its group's deadline, or by it,
     * would otherwise have no time at all.
     */
    private static final long LEAST_NANOS = 1_000_000_000L;

    private static final long NOT_WAITED = Long.MAX_VALUE;

    private final QueueLane lane;
    private final UnitState unit;
    private final Outstanding outstanding;
    private final DueQueue due;

    /** Whether a device, or the unit, has as much waiting as it may (R8). */
    private final BiPredicate<DeviceRow, PageRequestGroup> isOver;

    /** Answers that hardware took: SUCCESS, INVALID, FAILURE. */
    private final Tally taken = new Tally(3);

    private PageRequestGroup[] groups = new PageRequestGroup[64];
    private Response[] responses = new Response[64];
    private DeviceRow[] rows = new DeviceRow[64];
    private long[] deadlines = new long[64];

    /** Where its group was entered, for one that is decided at once. */
    private int[] places = new int[64];

    private int decided;

    /**
     * What waits for an encoder or for room, the oldest first; what has ended since is not in the
     * heap.
     */
    private final ArrayDeque<Waiting> held = new ArrayDeque<>();

    /** How many of them have not ended. */
    private int holding;

    /** Which of the decided answers is being sent. */
    private int at;

    /** What is being sent: of those decided, or what was held. Null while nothing is. */
    private PageRequestGroup sending;

    private Waiting retrying;

    /** Whether its group belongs to a former life of its PASID. */
    private boolean sendingFormer;

    /** The device of an answer that is tried a last time. */
    private DeviceRow leaving;

    private Snapshot.Bound<ResponseEncoder> encoder;

    /** How often in a row the encoder has thrown. */
    private int consecutiveThrows;

    private ByteBuffer command = ByteBuffer.allocate(0);

    Answers(
            QueueLane lane,
            UnitState unit,
            Outstanding outstanding,
            DueQueue due,
            BiPredicate<DeviceRow, PageRequestGroup> isOver) {
        this.isOver = isOver;
        this.lane = lane;
        this.unit = unit;
        this.outstanding = outstanding;
        this.due = due;
    }

    void changed(Snapshot snapshot) {
        Snapshot.Bound<ResponseEncoder> bound = snapshot.encoders().get(unit.unit.arch());
        encoder = bound == null || bound.standing().isClosed() ? null : bound;
    }

    /** Decides the answer to a group that came in this batch; it leaves with the next flush. */
    void decide(PageRequestGroup group, Response response, DeviceRow row) {
        decide(group, response, row, NOT_WAITED);
    }

    /**
     * Decides the answer to an outstanding group; it leaves with the next flush.
     *
     * @param deadline of a group that has waited; {@link #NOT_WAITED} of one that has not
     */
    void decide(PageRequestGroup group, Response response, DeviceRow row, long deadline) {
        if (decided == groups.length) {
            groups = Arrays.copyOf(groups, 2 * decided);
            responses = Arrays.copyOf(responses, 2 * decided);
            rows = Arrays.copyOf(rows, 2 * decided);
            deadlines = Arrays.copyOf(deadlines, 2 * decided);
            places = Arrays.copyOf(places, 2 * decided);
        }
        groups[decided] = group;
        responses[decided] = response;
        deadlines[decided] = deadline;
        places[decided] = outstanding.lastPlace();
        rows[decided++] = row;
    }

    boolean isHolding() {
        return holding > 0;
    }

    /** Sends what is decided, and what was held before. Returns how many were taken. */
    int flush() {
        int sent = holding == 0 ? 0 : retry();
        while (at < decided) {
            PageRequestGroup group = groups[at];
            groups[at] = null;
            Response response = responses[at];
            int place = places[at];
            DeviceRow row = rows[at++];
            sendingFormer = outstanding.isFormer(group);
            if (!outstanding.remove(group, place)) {
                continue; // withdrawn since
            }
            sending = group;
            if (send(group, response, row)) {
                sent++;
            } else {
                keep(group);
            }
            sending = null;
        }
        decided = 0;
        at = 0;
        return sent;
    }

    /** What was not taken waits for a later try, unless that is one too many. */
    private void keep(PageRequestGroup group) {
        DeviceRow row = rows[at - 1];
        if (isOver.test(row, group)) {
            undeliverable(row); // else a device could make us hold any number
        } else {
            hold(group, sendingFormer, responses[at - 1], row, deadlines[at - 1]);
        }
    }

    /** Another thread carries on: what was being encoded waits for another encoder (R14). */
    void encoderBlocked() {
        command = ByteBuffer.allocate(0); // the other one may still write to it
        if (sending != null) {
            PageRequestGroup group = sending;
            sending = null;
            keep(group);
        } else if (retrying != null) {
            outstanding.putBack((PageRequestGroup) retrying.fault, sendingFormer, retrying);
            retrying = null;
        } else {
            undeliverable(leaving);
        }
    }

    GivenUpCall.Called encoder() {
        return new GivenUpCall.Called(encoder.source(), encoder.standing());
    }

    /** Tries what was held again, the oldest first, until the ring is full. */
    private int retry() {
        int sent = 0;
        for (Waiting waiting = held.peek(); waiting != null; waiting = held.peek()) {
            if (waiting.isQueued()) {
                PageRequestGroup group = (PageRequestGroup) waiting.fault;
                boolean former = outstanding.isFormer(group);
                outstanding.remove(group);
                retrying = waiting;
                sendingFormer = former;
                boolean taken = send(group, waiting.answer, waiting.row);
                retrying = null;
                if (!taken) {
                    outstanding.putBack(group, former, waiting);
                    return sent;
                }
                release(waiting);
                sent++;
            }
            held.remove();
        }
        return sent;
    }

    /** Returns false if the answer has to wait; true if it was taken or can never be. */
    private boolean send(PageRequestGroup group, Response response, DeviceRow row) {
        if (encoder == null) {
            return false;
        }
        try {
            if (!encode(group, response)) {
                undeliverable(row);
                return true;
            }
            if (!unit.hardware.port().submit(command, group, response)) {
                return false;
            }
            taken.increment(place(response));
        } catch (GivenUp e) {
            throw e;
        } catch (RuntimeException | Error e) {
            lane.defect(lane.name() + ": " + response + " to " + group + " is undeliverable", e);
            undeliverable(row);
        }
        return true;
    }

    private boolean encode(PageRequestGroup group, Response response) {
        ResponseEncoder present = encoder.service();
        if (command.capacity() < present.commandBytes()) {
            command = ByteBuffer.allocate(present.commandBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
        command.clear();
        CallGuard guard = lane.guard();
        boolean expressed = false;
        RuntimeException thrown = null;
        guard.begin();
        try {
            expressed = Calls.encode(present, group, response, command);
        } catch (RuntimeException e) {
            thrown = e;
        } catch (Error e) {
            thrown = new IllegalStateException(e);
        }
        guard.keep();
        if (thrown != null) {
            countThrows();
            throw thrown;
        }
        consecutiveThrows = 0;
        command.flip();
        return expressed;
    }

    /** An encoder that keeps throwing is taken out (R4): answers wait for another one. */
    private void countThrows() {
        if (++consecutiveThrows >= lane.settings().handlerFailures()) {
            lane.quarantine(encoder, consecutiveThrows);
            consecutiveThrows = 0;
            encoder = null; // until the next snapshot has another one
        }
    }

    private void hold(
            PageRequestGroup group, boolean former, Response response, DeviceRow row, long until) {
        long deadline;
        if (until == NOT_WAITED) {
            deadline = lane.deadlineFor(group);
        } else {
            long least = lane.nanos() + LEAST_NANOS;
            deadline = until - least < 0 ? least : until;
        }
        Waiting waiting =
                new Waiting(
                        group,
                        row,
                        Waiting.Cause.ANSWERED,
                        deadline,
                        deadline,
                        null,
                        response,
                        lane.inbox());
        outstanding.putBack(group, former, waiting);
        due.add(waiting);
        unit.count(waiting, 1);
        held.add(waiting);
        holding++;
    }

    private void release(Waiting waiting) {
        due.remove(waiting);
        unit.count(waiting, -1);
        holding--;
    }

    /** A held answer is not wanted any more, or its time is over. Its group is not outstanding. */
    void drop(Waiting waiting) {
        release(waiting);
        undeliverable(waiting.row);
    }

    /** Tries a held answer a last time. */
    void giveUp(Waiting waiting) {
        PageRequestGroup group = (PageRequestGroup) waiting.fault;
        outstanding.remove(group);
        release(waiting);
        leaving = waiting.row;
        if (!send(group, waiting.answer, waiting.row)) {
            undeliverable(waiting.row);
        }
    }

    /** Gives up all held answers. */
    void giveUpAll() {
        for (Waiting waiting : due.all()) {
            if (waiting.cause == Waiting.Cause.ANSWERED) {
                giveUp(waiting);
            }
        }
    }

    void undeliverable(DeviceRow row) {
        row.tally.increment(Count.UNDELIVERABLE);
    }

    private static int place(Response response) {
        return switch (response) {
            case SUCCESS -> 0;
            case INVALID -> 1;
            case FAILURE -> 2;
        };
    }

    /** Adds the answers that hardware took, by response. From any thread. */
    void addTo(Map<String, Long> sums) {
        for (Response response : Response.values()) {
            sums.merge(response.name(), taken.get(place(response)), Long::sum);
        }
    }
}
