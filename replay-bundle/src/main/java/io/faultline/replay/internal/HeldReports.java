package io.faultline.replay.internal;

import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps what a log says until its time has come. Calls are kept as they were made, so that each
 * report meets the same {@code at}, {@code unit}, ... as it did here.
 *
 * <p>Holds what the lines read at once say: a report or a few. Keys of what is no fault are passed
 * over, as they may not be read later; no lane shows them.
 */
final class HeldReports implements LineSink {
    /** A report with the calls before it that describe it. */
    private record Held(List<Consumer<LineSink>> calls, long time, TimeBase timeBase) {}

    private final Deque<Held> reports = new ArrayDeque<>();
    private List<Consumer<LineSink>> calls = new ArrayList<>();
    private LogLine line;

    boolean isEmpty() {
        return reports.isEmpty();
    }

    /** Whether the log says when the oldest report was made. */
    boolean hasTime() {
        return reports.getFirst().timeBase() != TimeBase.NONE;
    }

    /** When the oldest report was made: nanoseconds of the log. */
    long time() {
        return reports.getFirst().time();
    }

    /** Passes the oldest report on. */
    void tell(LineSink out) {
        reports.removeFirst().calls().forEach(call -> call.accept(out));
    }

    private HeldReports describe(Consumer<LineSink> call) {
        calls.add(call);
        return this;
    }

    private void report(Consumer<LineSink> call) {
        calls.add(call);
        reports.add(
                line == null
                        ? new Held(calls, 0, TimeBase.NONE)
                        : new Held(calls, line.time(), line.timeBase()));
        calls = new ArrayList<>();
    }

    @Override
    public LineSink at(LogLine reported) {
        line = reported;
        return describe(out -> out.at(reported));
    }

    @Override
    public LineSink unit(String arch, String name) {
        return describe(out -> out.unit(arch, name));
    }

    @Override
    public LineSink queue(String kind) {
        return describe(out -> out.queue(kind));
    }

    @Override
    public LineSink device(String name) {
        return describe(out -> out.device(name));
    }

    @Override
    public LineSink words(int rawWords) {
        return describe(out -> out.words(rawWords));
    }

    @Override
    public LineSink truncated() {
        return describe(LineSink::truncated);
    }

    @Override
    public void suppressed(String function, long count, long atLeast, long atMost) {
        report(out -> out.suppressed(function, count, atLeast, atMost));
    }

    @Override
    public void recordsLost(String description) {
        report(out -> out.recordsLost(description));
    }

    @Override
    public void status(String description) {
        report(out -> out.status(description));
    }

    @Override
    public void detail(String description) {
        report(out -> out.detail(description));
    }

    @Override
    public void lost(long count, String description) {
        report(out -> out.lost(count, description));
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
        report(
                out ->
                        out.unrecoverable(
                                reason,
                                code,
                                attributes,
                                requester,
                                pasid,
                                iova,
                                second,
                                w0,
                                w1,
                                w2,
                                w3));
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
        report(
                out ->
                        out.pageRequest(
                                attributes, requester, pasid, groupIndex, iova, w0, w1, w2, w3));
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
        report(
                out ->
                        out.stall(
                                reason,
                                code,
                                attributes,
                                requester,
                                pasid,
                                tag,
                                iova,
                                ipa,
                                w0,
                                w1,
                                w2,
                                w3));
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
        report(
                out ->
                        out.hint(
                                code,
                                attributes,
                                requester,
                                pasid,
                                iova,
                                lengthBytes,
                                w0,
                                w1,
                                w2,
                                w3));
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
        report(out -> out.stopMarker(attributes, requester, pasid, groupIndex, w0, w1, w2, w3));
    }

    @Override
    public void malformed(String why, long w0, long w1, long w2, long w3) {
        report(out -> out.malformed(why, w0, w1, w2, w3));
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
        report(
                out ->
                        out.malformedRequest(
                                why, attributes, requester, pasid, groupIndex, w0, w1, w2, w3));
    }

    @Override
    public void notWritten() {
        report(LineSink::notWritten);
    }

    @Override
    public void empty() {
        report(LineSink::empty);
    }
}
