package io.faultline.testkit;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.hardware.FaultMaker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Collects what a {@code RecordDecoder} says, as faults. Each page request becomes a group of one,
 * complete or not as its {@code LAST} bit says: grouping is the platform's business.
 *
 * <p>Faults are numbered from 1 in the order of the calls, malformed records included, so that
 * {@link Fault#sequence()} is the number of the record.
 *
 * <p><b>Threads.</b> For one thread.
 */
public final class RecordingSink extends FaultMaker {
    private final Origin origin;
    private final int rawWords;
    private final List<Fault> faults = new ArrayList<>();
    private final List<Malformed> malformed = new ArrayList<>();
    private final List<String> noFaults = new ArrayList<>();
    private int notWritten;
    private int empty;
    private int calls;

    /**
     * A record that made no sense.
     *
     * @param record its number, from 1
     * @param why the reason word
     * @param request what could be read of the page request that it is, or null if it is none: its
     *     attributes, {@code LAST} among them, requester, PASID and index
     * @param words the four words that the decoder gave
     */
    public record Malformed(int record, String why, PageRequestGroup request, List<Long> words) {}

    /**
     * Takes the faults of one queue.
     *
     * @param origin the origin of the faults
     * @param recordBytes how long a record is; of more than 32 bytes four words are kept
     */
    public RecordingSink(Origin origin, int recordBytes) {
        this.origin = Objects.requireNonNull(origin, "origin");
        this.rawWords = Math.min(4, recordBytes / Long.BYTES);
    }

    /**
     * The faults.
     *
     * @return in the order of their records; a view
     */
    public List<Fault> faults() {
        return Collections.unmodifiableList(faults);
    }

    /**
     * The records that made no sense.
     *
     * @return in their order; a view
     */
    public List<Malformed> malformed() {
        return Collections.unmodifiableList(malformed);
    }

    /**
     * How many records were not written yet.
     *
     * @return calls of {@link #notWritten()}
     */
    public int notWrittenRecords() {
        return notWritten;
    }

    /**
     * How many slots held nothing.
     *
     * @return calls of {@link #empty()}
     */
    public int emptyRecords() {
        return empty;
    }

    /**
     * The kinds of the records that report no fault.
     *
     * @return the words that the decoder gave, in the order of the records; a view
     */
    public List<String> noFaults() {
        return Collections.unmodifiableList(noFaults);
    }

    /**
     * How many calls were made in all: a correct decoder makes one for each record.
     *
     * @return at least 0
     */
    public int calls() {
        return calls;
    }

    @Override
    protected Origin origin() {
        return origin;
    }

    @Override
    protected String deviceName() {
        return null;
    }

    @Override
    protected long time() {
        return 0;
    }

    /** A call is counted when it is over. */
    @Override
    protected long sequence() {
        return calls + 1L;
    }

    @Override
    protected int rawWords() {
        return rawWords;
    }

    @Override
    protected void fault(Fault fault) {
        calls++;
        faults.add(fault);
    }

    @Override
    public void malformed(String why, long w0, long w1, long w2, long w3) {
        malformed(why, null, w0, w1, w2, w3);
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
        PageRequestGroup request =
                group(
                        Reason.UNKNOWN,
                        -1,
                        attributes,
                        requester,
                        pasid,
                        groupIndex,
                        0,
                        0,
                        w0,
                        w1,
                        w2,
                        w3);
        malformed(why, request, w0, w1, w2, w3);
    }

    private void malformed(
            String why, PageRequestGroup request, long w0, long w1, long w2, long w3) {
        calls++;
        malformed.add(new Malformed(calls, why, request, List.of(w0, w1, w2, w3)));
    }

    @Override
    public void notWritten() {
        calls++;
        notWritten++;
    }

    @Override
    public void empty() {
        calls++;
        empty++;
    }

    @Override
    public void noFault(String kind, long w0, long w1, long w2, long w3) {
        calls++;
        noFaults.add(kind);
    }
}
