package io.faultline.kernellog.internal;

import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.hardware.KeySink;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.function.Consumer;

/**
 * Stands between decoders and the sink: counts the reports, says for each of them which line it is
 * at, and forgets what was said about a report that then was not made (a decoder threw).
 *
 * <p><b>Threads.</b> One at a time.
 */
final class Reports implements LineSink {
    /** What something is at that comes before any line. */
    static final LogLine NO_LINE = new LogLine(0, "", 0, TimeBase.NONE, null, true, false);

    private LineSink sink;
    private int count;
    private LogLine current = NO_LINE;
    private boolean currentIsCut;

    private LogLine at;
    private String arch;
    private String unit;
    private String queue;
    private String device;
    private int words;
    private boolean truncated;
    private Consumer<KeySink> keys;

    /** From now on reports go there, counted from 0. */
    void to(LineSink newSink) {
        sink = newSink;
        count = 0;
        forget();
    }

    /** How many reports were made since {@link #to}. */
    int count() {
        return count;
    }

    LogLine line() {
        return current;
    }

    /** What reports are at from now on, unless the decoder says something else. */
    void line(LogLine line, boolean cut) {
        current = line;
        currentIsCut = cut;
        forget();
    }

    /** Drops what was said about a report that nobody made. */
    void forget() {
        at = null;
        arch = null;
        unit = null;
        queue = null;
        device = null;
        words = 0;
        truncated = false;
        keys = null;
    }

    private LineSink next() {
        count++;
        sink.at(at == null ? current : at);
        if (arch != null) {
            sink.unit(arch, unit);
        }
        if (queue != null) {
            sink.queue(queue);
        }
        if (device != null) {
            sink.device(device);
        }
        if (words != 0) {
            sink.words(words);
        }
        if (truncated || (currentIsCut && (at == null || at.equals(current)))) {
            sink.truncated();
        }
        if (keys != null) {
            sink.keys(keys);
        }
        forget();
        return sink;
    }

    @Override
    public LineSink at(LogLine line) {
        at = line;
        return this;
    }

    @Override
    public LineSink unit(String unitArch, String name) {
        arch = unitArch;
        unit = name;
        return this;
    }

    @Override
    public LineSink queue(String kind) {
        queue = kind;
        return this;
    }

    @Override
    public LineSink device(String name) {
        device = name;
        return this;
    }

    @Override
    public LineSink words(int rawWords) {
        words = rawWords;
        return this;
    }

    @Override
    public LineSink truncated() {
        truncated = true;
        return this;
    }

    @Override
    public LineSink keys(Consumer<KeySink> more) {
        keys = more;
        return this;
    }

    @Override
    public void suppressed(String function, long calls, long atLeast, long atMost) {
        next().suppressed(function, calls, atLeast, atMost);
    }

    @Override
    public void recordsLost(String description) {
        next().recordsLost(description);
    }

    @Override
    public void status(String description) {
        next().status(description);
    }

    @Override
    public void detail(String description) {
        next().detail(description);
    }

    @Override
    public void lost(long lines, String description) {
        next().lost(lines, description);
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
        next().unrecoverable(
                        reason, code, attributes, requester, pasid, iova, second, w0, w1, w2, w3);
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
        next().pageRequest(attributes, requester, pasid, groupIndex, iova, w0, w1, w2, w3);
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
        next().stall(reason, code, attributes, requester, pasid, tag, iova, ipa, w0, w1, w2, w3);
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
        next().hint(code, attributes, requester, pasid, iova, lengthBytes, w0, w1, w2, w3);
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
        next().stopMarker(attributes, requester, pasid, groupIndex, w0, w1, w2, w3);
    }

    @Override
    public void malformed(String why, long w0, long w1, long w2, long w3) {
        next().malformed(why, w0, w1, w2, w3);
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
        next().malformedRequest(why, attributes, requester, pasid, groupIndex, w0, w1, w2, w3);
    }

    @Override
    public void notWritten() {
        next().notWritten();
    }

    @Override
    public void empty() {
        next().empty();
    }
}
