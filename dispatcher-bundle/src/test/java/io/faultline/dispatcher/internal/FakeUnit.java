package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.RecordQueue;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;

/**
 * A unit of an architecture made up for these tests: each record says outright which method of
 * {@link FaultSink} is to be called with what. Records may be written by one thread while a lane
 * reads.
 */
final class FakeUnit implements HardwareUnit, CommandPort {
    static final int RECORD_BYTES = 32;
    private static final List<Response> RESPONSES = List.of(Response.values());
    static final Map<String, ?> DECODER_PROPERTIES =
            Map.of(Decodes.ARCH, "fake", Decodes.QUEUE, "q");
    static final Map<String, ?> ENCODER_PROPERTIES = Map.of(Decodes.ARCH, "fake");

    /** What a record asks the decoder to say. */
    enum Say {
        UNRECOVERABLE(0),
        PAGE_REQUEST(1),
        STALL(2),
        HINT(3),
        STOP_MARKER(4),
        MALFORMED(5),
        MALFORMED_REQUEST(6),
        NOT_WRITTEN(7),
        EMPTY(8),
        THROW(9),
        NOTHING(10);

        static final List<Say> ALL = List.of(values());

        final int number;

        Say(int number) {
            this.number = number;
        }
    }

    final Ring ring;
    final List<String> answers = new ArrayList<>();
    private final List<String> answered = new ArrayList<>();
    boolean observed;
    boolean full;
    boolean broken;
    int pageRequestLimit = UNKNOWN_LIMIT;
    int stallLimit = UNKNOWN_LIMIT;
    boolean answersCarryPasid = true;
    int generation = 1;
    boolean gone;
    IntUnaryOperator physicalFunction = requester -> requester;

    private final Unit unit;

    FakeUnit(String name, int slots) {
        unit = new Unit("fake", name);
        ring = new Ring(slots);
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<RecordQueue> queues() {
        return List.of(ring);
    }

    @Override
    public CommandPort port() {
        return observed ? null : this;
    }

    @Override
    public int pageRequestLimit(int requester) {
        return pageRequestLimit;
    }

    @Override
    public int generation() {
        return generation;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public int physicalFunction(int requester) {
        return physicalFunction.applyAsInt(requester);
    }

    @Override
    public int stallLimit() {
        return stallLimit;
    }

    @Override
    public boolean answersCarryPasid(int requester) {
        return answersCarryPasid;
    }

    @Override
    public synchronized boolean submit(ByteBuffer command) {
        if (broken) {
            throw new IllegalStateException("unit is broken");
        }
        if (full) {
            return false;
        }
        String response = RESPONSES.get((int) command.getLong()).name();
        answers.add(response + " " + command.getLong() + "/" + command.getLong());
        return true;
    }

    @Override
    public synchronized boolean submit(
            ByteBuffer command, PageRequestGroup group, Response response) {
        boolean taken = submit(command);
        if (taken) {
            answered.add(group.sequence() + " " + response);
        }
        return taken;
    }

    /** What was answered so far, by the record that completed the group, and forgets it. */
    synchronized List<String> takeAnswered() {
        List<String> taken = List.copyOf(answered);
        answered.clear();
        return taken;
    }

    /** The answers so far, and forgets them. */
    synchronized List<String> takeAnswers() {
        List<String> taken = List.copyOf(answers);
        answers.clear();
        return taken;
    }

    // --- writing records

    FakeUnit unrecoverable(int requester, long iova) {
        return write(Say.UNRECOVERABLE, requester, Fault.NO_PASID, 0, FaultBits.READ, iova);
    }

    FakeUnit page(int requester, int pasid, int index, long iova, boolean last) {
        int bits = FaultBits.READ | (last ? FaultBits.LAST : 0);
        return write(Say.PAGE_REQUEST, requester, pasid, index, bits, iova);
    }

    FakeUnit stall(int requester, int tag, long iova) {
        return write(Say.STALL, requester, Fault.NO_PASID, tag, FaultBits.READ, iova);
    }

    FakeUnit say(Say what, int requester) {
        return write(what, requester, Fault.NO_PASID, 0, 0, 0);
    }

    FakeUnit write(Say what, int requester, int pasid, int index, int attributes, long iova) {
        int bits = attributes | FaultBits.HAS_REQUESTER | FaultBits.HAS_IOVA;
        if (pasid != Fault.NO_PASID) {
            bits |= FaultBits.ANSWER_WITH_PASID;
        }
        ring.write(
                what.number | ((long) index << 16) | ((long) requester << 32), bits, iova, pasid);
        return this;
    }

    /** A ring in memory. */
    static final class Ring implements RecordQueue {
        private final ByteBuffer memory;
        private final int slots;
        private final AtomicLong prod = new AtomicLong();
        private final AtomicLong cons = new AtomicLong();
        volatile boolean overflowed;
        volatile boolean ended;
        volatile boolean inconsistent;
        volatile boolean broken;

        /** Whether its interrupt can be held back, and what was asked for, each change once. */
        volatile boolean hasGate;

        final List<Boolean> heldBack = new CopyOnWriteArrayList<>();
        final AtomicInteger interrupts = new AtomicInteger();
        final AtomicInteger asked = new AtomicInteger();
        private volatile boolean held;
        private volatile Runnable wake;
        final AtomicInteger acknowledged = new AtomicInteger();

        Ring(int slots) {
            this.slots = slots;
            this.memory =
                    ByteBuffer.allocateDirect(slots * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Writes a record; one that does not fit is lost, as with hardware. */
        boolean write(long... words) {
            if (prod.get() - cons.get() == slots) {
                overflowed = true;
                return false;
            }
            int at = (int) (prod.get() % slots) * RECORD_BYTES;
            for (int i = 0; i < words.length; i++) {
                memory.putLong(at + 8 * i, words[i]);
            }
            prod.incrementAndGet();
            Runnable present = wake;
            if (present != null && !held) {
                interrupts.incrementAndGet();
                present.run();
            }
            return true;
        }

        long consumedSoFar() {
            return cons.get();
        }

        @Override
        public String kind() {
            return "q";
        }

        @Override
        public int available() {
            asked.incrementAndGet();
            if (broken) {
                throw new IllegalStateException("the queue is broken");
            }
            if (inconsistent) {
                return INCONSISTENT;
            }
            int available = (int) (prod.get() - cons.get());
            return available == 0 && ended ? ENDED : available;
        }

        /** One with an interrupt, which can be held back. */
        @Override
        public boolean listen(Runnable listener) {
            wake = hasGate ? listener : null;
            return hasGate;
        }

        @Override
        public boolean holdBack(boolean back) {
            if (hasGate && held != back) {
                held = back;
                heldBack.add(back);
            }
            return held;
        }

        @Override
        public int first() {
            return (int) (cons.get() % slots);
        }

        @Override
        public int slots() {
            return slots;
        }

        @Override
        public ByteBuffer memory() {
            return memory;
        }

        @Override
        public void consumed(int n) {
            cons.addAndGet(n);
        }

        @Override
        public boolean overflowed() {
            return overflowed;
        }

        @Override
        public void acknowledge() {
            overflowed = false;
            acknowledged.incrementAndGet();
        }
    }

    /** Says what the record asks it to say. */
    static final class Decoder implements RecordDecoder {
        @Override
        public int recordBytes() {
            return RECORD_BYTES;
        }

        @Override
        public void decode(ByteBuffer queue, int at, FaultSink out) {
            long w0 = queue.getLong(at);
            int bits = (int) queue.getLong(at + 8);
            long iova = queue.getLong(at + 16);
            int pasid = (int) queue.getLong(at + 24);
            int requester = (int) (w0 >>> 32);
            int index = (int) (w0 >>> 16) & 0xffff;
            switch (Say.ALL.get((int) w0 & 0xff)) {
                case UNRECOVERABLE ->
                        out.unrecoverable(
                                Reason.NOT_PRESENT,
                                1,
                                bits,
                                requester,
                                pasid,
                                iova,
                                0,
                                w0,
                                bits,
                                iova,
                                pasid);
                case PAGE_REQUEST ->
                        out.pageRequest(bits, requester, pasid, index, iova, w0, bits, iova, pasid);
                case STALL ->
                        out.stall(
                                Reason.NOT_PRESENT,
                                2,
                                bits,
                                requester,
                                pasid,
                                index,
                                iova,
                                0,
                                w0,
                                bits,
                                iova,
                                pasid);
                case HINT -> out.hint(3, bits, requester, pasid, iova, 4096, w0, bits, iova, pasid);
                case STOP_MARKER ->
                        out.stopMarker(bits, requester, pasid, index, w0, bits, iova, pasid);
                case MALFORMED -> out.malformed("bad_record", w0, bits, iova, pasid);
                case MALFORMED_REQUEST ->
                        out.malformedRequest(
                                "bad_request",
                                bits,
                                requester,
                                pasid,
                                index,
                                w0,
                                bits,
                                iova,
                                pasid);
                case NOT_WRITTEN -> out.notWritten();
                case EMPTY -> out.empty();
                case THROW -> throw new IllegalStateException("decoder is broken");
                case NOTHING -> {}
            }
        }

        @Override
        public void describe(Fault fault, KeySink keys) {
            keys.text("fake", "yes");
        }
    }

    /** Encodes response, requester and index as three words. */
    static final class Encoder implements ResponseEncoder {
        @Override
        public int commandBytes() {
            return 24;
        }

        @Override
        public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
            if (group.iova() == UNENCODABLE) {
                return false;
            }
            to.putLong(RESPONSES.indexOf(response))
                    .putLong(group.requester())
                    .putLong(group.groupIndex());
            return true;
        }
    }

    /** The address of a group whose answer the encoder refuses. */
    static final long UNENCODABLE = 0xdead_0000L;
}
