package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.hardware.FaultSink;

/**
 * Makes the fault of one record and keeps it until the decoder has returned: handlers never run on
 * top of a decoder. Page requests that are not the last of their group go to the partial groups at
 * once.
 *
 * <p>Each thread of a lane has its own: a decoder whose call was given up may still speak to the
 * former one, which takes nothing any more (R14).
 */
final class LaneSink implements FaultSink {
    private final QueueLane lane;
    private final UnitState unit;
    private final DeviceRows rows;
    private final Groups groups;
    private final CountsByWord malformedByWord;
    private final CallGuard guard;

    /** A new one after each reset. */
    private Origin origin;

    private int rawWords;
    private long time;
    private long sequence;

    /** Whether the decoder has said what the record is. */
    private boolean called;

    private boolean notWritten;
    private boolean refused;
    private Fault fault;
    private int kind;
    private DeviceRow row;

    LaneSink(QueueLane lane, UnitState unit, DeviceRows rows, Groups groups) {
        this.lane = lane;
        this.unit = unit;
        this.rows = rows;
        this.groups = groups;
        this.malformedByWord = new CountsByWord();
        this.guard = lane.guard();
    }

    /** For the thread that takes over: with what the record before has told so far. */
    LaneSink(LaneSink before) {
        this.lane = before.lane;
        this.unit = before.unit;
        this.rows = before.rows;
        this.origin = before.origin;
        this.groups = before.groups;
        this.malformedByWord = before.malformedByWord;
        this.guard = lane.guard();
        this.rawWords = before.rawWords;
        this.time = before.time;
        this.sequence = before.sequence;
        this.called = before.called;
        this.notWritten = before.notWritten;
        this.refused = before.refused;
        this.fault = before.fault;
        this.kind = before.kind;
        this.row = before.row;
    }

    void beginBatch(int recordBytes, long batchTime) {
        rawWords = Math.min(4, recordBytes / Long.BYTES);
        time = batchTime;
    }

    void begin(long recordNumber) {
        sequence = recordNumber;
        called = false;
        notWritten = false;
        refused = false;
        fault = null;
    }

    /**
     * The decoder has returned; a record it said nothing about, or that never came, is malformed.
     */
    void end() {
        if (notWritten) {
            count("not_written");
        } else if (!called) {
            count("decoder_defect");
        }
    }

    /** The decoder has thrown: what it had said before counts, else the record is malformed. */
    void defect() {
        notWritten = false;
    }

    boolean hasFault() {
        return fault != null;
    }

    /** The record's fault, once; null if it made none that is to be offered now. */
    Fault takeFault() {
        Fault taken = fault;
        fault = null;
        return taken;
    }

    /** A record begins to speak: not if it has, or if its decoder's call was given up. */
    private boolean isSpent() {
        return called || !guard.isKept();
    }

    int kind() {
        return kind;
    }

    DeviceRow row() {
        return row;
    }

    /** Whether the fault is a malformed request that is answered INVALID without asking anybody. */
    boolean isRefused() {
        return refused;
    }

    boolean isNotWritten() {
        return notWritten;
    }

    Origin origin() {
        return origin;
    }

    void origin(Origin present) {
        origin = present;
    }

    CountsByWord malformedByWord() {
        return malformedByWord;
    }

    /**
     * Begins a record that is a fault. Returns false for a second call, which is a defect and
     * ignored.
     */
    private boolean claim(int attributes, int requester, int what) {
        if (isSpent()) {
            return false;
        }
        called = true;
        row =
                (attributes & FaultBits.HAS_REQUESTER) != 0
                        ? rows.row(requester, lane.settings(), lane.nanos())
                        : rows.unattributed;
        row.tally.increment(Count.RECORDS);
        row.tally.increment(what);
        return true;
    }

    @Override
    public void unrecoverable(
            Reason reason,
            int code,
            int attributes,
            int requester,
            int pasid,
            long iova,
            long second,
            long w0,
            long w1,
            long w2,
            long w3) {
        if (claim(attributes, requester, Count.UNRECOVERABLE)) {
            kind = Kinds.UNRECOVERABLE;
            fault =
                    Faults.unrecoverable(
                            origin,
                            null,
                            time,
                            sequence,
                            rawWords,
                            reason,
                            code,
                            attributes & ~(FaultBits.LAST | FaultBits.STALLED),
                            requester,
                            pasid,
                            iova,
                            second,
                            w0,
                            w1,
                            w2,
                            w3);
        }
    }

    @Override
    public void pageRequest(
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long iova,
            long w0,
            long w1,
            long w2,
            long w3) {
        if (!claim(attributes, requester, Count.PAGE_REQUESTS)) {
            return;
        }
        int bits = answerable(attributes, requester) & ~FaultBits.STALLED;
        long[] requests = null;
        if (!unit.observed && (bits & FaultBits.PRIVATE_DATA) == 0) {
            if ((bits & FaultBits.LAST) == 0) {
                groups.addPartial(row, bits, requester, pasid, groupIndex, iova);
                return;
            }
            requests = groups.completePartial(row, bits, requester, pasid, groupIndex, iova);
        }
        row.tally.add(Count.GROUP_MEMBERS, requests == null ? 1 : requests.length / 2);
        fault = group(bits, requester, pasid, groupIndex, iova, w0, w1, w2, w3, requests);
    }

    private PageRequestGroup group(
            int bits,
            int requester,
            int pasid,
            int groupIndex,
            long iova,
            long w0,
            long w1,
            long w2,
            long w3,
            long[] requests) {
        kind = Kinds.PAGE_REQUEST;
        return Faults.group(
                origin,
                null,
                time,
                sequence,
                rawWords,
                Reason.UNKNOWN,
                -1,
                bits,
                requester,
                pasid,
                groupIndex,
                iova,
                0,
                w0,
                w1,
                w2,
                w3,
                requests);
    }

    /**
     * What the unit knows better than the record: whether the device takes PASIDs in answers (R8).
     */
    private int answerable(int attributes, int requester) {
        int bits = attributes;
        if ((bits & FaultBits.ANSWER_WITH_PASID) != 0
                && !unit.hardware.answersCarryPasid(requester)) {
            bits &= ~FaultBits.ANSWER_WITH_PASID;
        }
        return bits;
    }

    @Override
    public void stall(
            Reason reason,
            int code,
            int attributes,
            int requester,
            int pasid,
            int tag,
            long iova,
            long ipa,
            long w0,
            long w1,
            long w2,
            long w3) {
        int bits =
                (attributes | FaultBits.LAST | FaultBits.STALLED)
                        & ~(FaultBits.PRIVATE_DATA | FaultBits.ANSWER_WITH_PASID);
        PageRequestGroup stall =
                Faults.group(
                        origin, null, time, sequence, rawWords, reason, code, bits, requester,
                        pasid, tag, iova, ipa, w0, w1, w2, w3, null);
        if (isSpent()) {
            return;
        }
        if (!unit.observed && groups.isOutstanding(stall)) {
            malformed("duplicate_stag", w0, w1, w2, w3);
        } else if (claim(bits, requester, Count.PAGE_REQUESTS)) {
            row.tally.increment(Count.GROUP_MEMBERS);
            kind = Kinds.PAGE_REQUEST;
            fault = stall;
        }
    }

    @Override
    public void hint(
            int code,
            int attributes,
            int requester,
            int pasid,
            long iova,
            long lengthBytes,
            long w0,
            long w1,
            long w2,
            long w3) {
        if (claim(attributes, requester, Count.HINTS)) {
            kind = Kinds.HINT;
            fault =
                    Faults.hint(
                            origin,
                            null,
                            time,
                            sequence,
                            rawWords,
                            code,
                            attributes,
                            requester,
                            pasid,
                            iova,
                            lengthBytes,
                            w0,
                            w1,
                            w2,
                            w3);
        }
    }

    @Override
    public void stopMarker(
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3) {
        if (claim(attributes, requester, Count.STOP_MARKERS)) {
            kind = Kinds.STOP_MARKER;
            groups.endLife(row, requester, pasid);
            fault =
                    Faults.stopMarker(
                            origin,
                            null,
                            time,
                            sequence,
                            rawWords,
                            attributes,
                            requester,
                            pasid,
                            groupIndex,
                            w0,
                            w1,
                            w2,
                            w3);
        }
    }

    @Override
    public void malformed(String why, long w0, long w1, long w2, long w3) {
        if (!isSpent()) {
            called = true;
            count(why);
        }
    }

    @Override
    public void malformedRequest(
            String why,
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3) {
        if (isSpent()) {
            return;
        }
        malformed(why, w0, w1, w2, w3);
        if (!unit.observed && (attributes & FaultBits.LAST) != 0) {
            row = rows.row(requester, lane.settings(), lane.nanos());
            int bits = answerable(attributes, requester) & ~FaultBits.STALLED;
            groups.discardPartial(row, bits, requester, pasid, groupIndex);
            refused = true;
            fault = group(bits, requester, pasid, groupIndex, 0, w0, w1, w2, w3, null);
        }
    }

    private void count(String why) {
        malformedByWord.increment(why); // first: the reasons of what is counted are there
        rows.unattributed.tally.increment(Count.RECORDS);
        rows.unattributed.tally.increment(Count.MALFORMED);
    }

    @Override
    public void notWritten() {
        if (!isSpent()) {
            called = true;
            notWritten = true;
        }
    }

    @Override
    public void empty() {
        if (!isSpent()) {
            called = true;
            rows.unattributed.tally.increment(Count.RECORDS);
            rows.unattributed.tally.increment(Count.EMPTY);
        }
    }
}
