package io.faultline.decode.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import io.faultline.log.LogSource;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Reads what a log says. Findings are kept until the scanner returns or is about to wait: what goes
 * wrong with the output must not pass through decoders, who would be blamed for it.
 */
final class LogReader {
    /** How many findings are kept at most, about. */
    private static final int AT_ONCE = 256;

    /** How many units of a log are remembered. Their names come from the log: hostile input. */
    private static final int ORIGINS = 1024;

    private final Decoders decoders;
    private final String file;
    private final Findings out;
    private final Report report = new Report();
    private final Queue<Finding> found = new ArrayDeque<>();
    private final Map<Origin, Origin> origins = new HashMap<>();
    private final Map<String, RecordDecoder> describers = new HashMap<>();

    /**
     * @param file the input's name where several were given, else null
     */
    LogReader(Decoders decoders, String file, Findings out) {
        this.decoders = decoders;
        this.file = file;
        this.out = out;
    }

    /** Reads a log to its end. */
    void readAll(LogSource log) throws IOException {
        int reports;
        do {
            reports = log.read(report, AT_ONCE);
            drain();
        } while (reports != LogSource.ENDED);
    }

    /** Passes on what was found so far. */
    void drain() throws IOException {
        for (Finding finding = found.poll(); finding != null; finding = found.poll()) {
            out.accept(finding);
        }
    }

    /** What a line decoder says, with what it says about it. */
    private final class Report extends FaultBuilder implements LineSink {
        private LogLine line;
        private String arch;
        private String unit;
        private String queue;
        private String device;
        private int rawWords;
        private boolean truncated;
        private Consumer<KeySink> more;

        @Override
        public LineSink at(LogLine at) {
            line = at;
            return this;
        }

        @Override
        public LineSink unit(String ofArch, String name) {
            arch = ofArch;
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
        public LineSink words(int words) {
            rawWords = Math.max(0, Math.min(4, words));
            return this;
        }

        @Override
        public LineSink truncated() {
            truncated = true;
            return this;
        }

        @Override
        public LineSink keys(Consumer<KeySink> ofTheArchitecture) {
            more = ofTheArchitecture;
            return this;
        }

        @Override
        protected Origin origin() {
            return shared(
                    new Origin(
                            new Unit(arch == null ? "" : arch, unit == null ? "" : unit),
                            queue == null ? "" : queue,
                            0,
                            line == null ? TimeBase.NONE : line.timeBase(),
                            true));
        }

        @Override
        protected String deviceName() {
            return device;
        }

        @Override
        protected long time() {
            return line == null ? 0 : line.time();
        }

        @Override
        protected long sequence() {
            return line == null ? 0 : line.number();
        }

        @Override
        protected int rawWords() {
            return rawWords;
        }

        private Place place() {
            return line == null
                    ? new Place(file, true, 0, 0, TimeBase.NONE, null)
                    : new Place(
                            file, true, line.number(), line.time(), line.timeBase(), line.text());
        }

        private Origin shared(Origin origin) {
            if (origins.size() >= ORIGINS) {
                origins.clear();
            }
            return origins.computeIfAbsent(origin, o -> o);
        }

        @Override
        protected void fault(Fault fault) {
            RecordDecoder decoder = describer(fault.unit().arch(), fault.origin().queue());
            add(new FaultFinding(place(), fault, decoder, truncated, more));
        }

        @Override
        protected void foundMalformed(
                Origin origin, Whose whose, String why, long w0, long w1, long w2, long w3) {
            RecordDecoder decoder = describer(whose.arch(), origin.queue());
            String description =
                    decoder == null ? why.replace('_', ' ') : decoder.explain(why, w0, w1, w2, w3);
            add(new MalformedFinding(place(), whose, why, null, null, description));
        }

        private RecordDecoder describer(String ofArch, String ofQueue) {
            return describers.computeIfAbsent(ofArch + ":" + ofQueue, decoders::decoder);
        }

        @Override
        public void notWritten() {
            malformed("not_written", 0, 0, 0, 0);
        }

        @Override
        public void empty() {
            forget();
        }

        @Override
        public void suppressed(String function, long count, long atLeast, long atMost) {
            String description =
                    count
                            + (function == null ? " messages" : " calls of " + function)
                            + " were not printed: "
                            + bounds(atLeast, atMost);
            remark(Remark.SUPPRESSED, function, count, atLeast, atMost, description);
        }

        private String bounds(long atLeast, long atMost) {
            String faults = atLeast == 1 && atMost == 1 ? " fault" : " faults";
            if (atLeast == atMost) {
                return atLeast + faults;
            }
            return atMost == Long.MAX_VALUE
                    ? "at least " + atLeast + faults
                    : atLeast + " to " + atMost + faults;
        }

        @Override
        public void recordsLost(String description) {
            remark(Remark.STATUS, null, -1, 0, 0, description);
        }

        @Override
        public void status(String description) {
            remark(Remark.STATUS, null, -1, 0, 0, description);
        }

        @Override
        public void detail(String description) {
            remark(Remark.DETAIL, null, -1, 0, 0, description);
        }

        @Override
        public void lost(long count, String description) {
            arch = null; // a gap belongs to the log
            unit = null;
            remark(Remark.LOST, null, count, 0, 0, description);
        }

        private void remark(
                String kind,
                String function,
                long count,
                long atLeast,
                long atMost,
                String description) {
            Whose whose = new Whose(arch, unit, device, -1);
            add(
                    new Remark(
                            place(),
                            whose,
                            kind,
                            function,
                            count,
                            atLeast,
                            atMost,
                            truncated,
                            more,
                            description));
        }

        private void add(Finding finding) {
            found.add(finding);
            forget();
        }

        private void forget() {
            line = null;
            arch = null;
            unit = null;
            queue = null;
            device = null;
            rawWords = 0;
            truncated = false;
            more = null;
        }
    }
}
