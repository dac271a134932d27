package io.faultline.dispatcher.internal;

import io.faultline.bench.Figure;
import io.faultline.bench.Figures;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.iopf.internal.Iopf;
import io.faultline.smmuv3.internal.PriDecoder;
import io.faultline.smmuv3.internal.ResponseCommands;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * How long a page request waits for its response: from the moment at which its record is due in the
 * PRI queue to the moment at which the bytes of CMD_PRI_RESP are submitted, at half of the rate
 * that the same platform reaches in the same run. One thread writes records, as hardware would;
 * lanes have threads of their own, as they ship. Beside it stands what the same thread that writes
 * sees of the machine's own pauses, with nobody to serve.
 *
 * <p>Usage: {@code PageRequestLatency [SECONDS [ROUNDS]]}, by default 2 seconds for each of 3
 * rounds. A lane takes on less in a step after a long one ({@link Pace}); times are taken by
 * request, whatever the step.
 */
public final class PageRequestLatency {
    private static final int POOLED_OUTSTANDING = 1024;
    private static final List<String> UNITS = List.of("smmu0", "smmu1");
    private static final List<String> PERCENTILES = List.of("50", "90", "99", "99.9", "99.99");
    private static final long SECOND = 1_000_000_000L;

    private PageRequestLatency() {}

    /** Prints a table. */
    public static void main(String[] args) throws InterruptedException, IOException {
        long nanos = (args.length > 0 ? Long.parseLong(args[0]) : 2) * SECOND;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        List<Figure> figures = new ArrayList<>();
        for (boolean pooled : new boolean[] {false, true}) {
            for (int lanes = 1; lanes <= 2; lanes++) {
                figures.addAll(measure(pooled, lanes, nanos, rounds));
            }
        }
        for (Figure figure : figures) {
            System.out.printf(
                    Locale.ROOT,
                    "%-31s %-26s %,14.2f (%,.2f to %,.2f) %s%n",
                    figure.name(),
                    String.join(" ", figure.parameters().values()),
                    figure.score(),
                    figure.least(),
                    figure.most(),
                    figure.unit());
        }
        Figures.save(figures);
    }

    /** The most that is reached, then half of that with nobody and with the platform, in turns. */
    private static List<Figure> measure(boolean pooled, int lanes, long nanos, int rounds)
            throws InterruptedException {
        FaultHandler handler = Iopf.with(PriUnit.spaces(UNITS, pooled), Map.of());
        Dispatcher dispatcher = dispatcher(handler);
        List<TimedUnit> units = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            TimedUnit unit = new TimedUnit(UNITS.get(i), pooled ? POOLED_OUTSTANDING : 1 << 14);
            units.add(unit);
            dispatcher.addUnit(unit, Source.named(unit.unit().name(), 10 + i));
        }
        offer(units, Double.POSITIVE_INFINITY, nanos, new Histogram(3));
        long most = offer(units, Double.POSITIVE_INFINITY, nanos, new Histogram(3));
        List<Histogram> noise = new ArrayList<>();
        List<Histogram> times = new ArrayList<>();
        double[] offered = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            Histogram late = new Histogram(3);
            offer(List.of(), most / 2.0, nanos, late);
            noise.add(late);
            units.forEach(TimedUnit::measure);
            offered[i] = offer(units, most / 2.0, nanos, new Histogram(3));
            units.forEach(TimedUnit::awaitAnswers);
            Histogram all = new Histogram(3);
            units.forEach(unit -> all.add(unit.times));
            times.add(all);
        }
        dispatcher.close(Response.INVALID);
        Iopf.close(handler);
        String way = (pooled ? "pooled" : "inline") + (lanes > 1 ? ", two lanes" : ", one lane");
        List<Figure> figures = new ArrayList<>();
        figures.add(
                Figure.ofRounds(
                        "PageRequestLatency.most", Map.of("way", way), "ops/s", (double) most));
        figures.add(
                Figure.ofRounds(
                        "PageRequestLatency.offered", Map.of("way", way), "ops/s", offered));
        for (String percentile : PERCENTILES) {
            figures.add(figure("PageRequestLatency.platform", way, percentile, times));
        }
        for (String percentile : PERCENTILES) {
            figures.add(figure("PageRequestLatency.noPlatform", way, percentile, noise));
        }
        return figures;
    }

    private static Figure figure(
            String name, String way, String percentile, List<Histogram> rounds) {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("way", way);
        parameters.put("percentile", percentile);
        double part = Double.parseDouble(percentile);
        return Figure.ofRounds(
                name,
                parameters,
                "us",
                rounds.stream()
                        .mapToDouble(round -> round.getValueAtPercentile(part) / 1e3)
                        .toArray());
    }

    private static Dispatcher dispatcher(FaultHandler handler) {
        Dispatcher dispatcher =
                Dispatcher.running(
                        Settings.DEFAULTS,
                        message -> {
                            throw new IllegalStateException(message);
                        });
        dispatcher.addDecoder(
                new PriDecoder(),
                Source.named("decoder", 1),
                Map.of(Decodes.ARCH, "smmuv3", Decodes.QUEUE, "priq"));
        dispatcher.addEncoder(
                new ResponseCommands(), Source.named("encoder", 2), Map.of(Decodes.ARCH, "smmuv3"));
        dispatcher.addHandler(
                handler,
                Source.named("io-pgfault", 3),
                Map.of(Handles.KINDS, new String[] {"page_request", "hint"}));
        return dispatcher;
    }

    /**
     * Writes records to some units in turn, each as soon as it is due and there is room.
     *
     * @param late takes how late each was written
     * @return how many a second were written
     */
    private static long offer(List<TimedUnit> units, double rate, long nanos, Histogram late) {
        long begin = System.nanoTime();
        long written = 0;
        long now = begin;
        while (now - begin < nanos) {
            long due = begin + (long) (written / rate * SECOND);
            now = System.nanoTime();
            if (now < due) {
                Thread.onSpinWait();
                continue;
            }
            if (units.isEmpty()) {
                late.recordValue(now - due);
                written++;
            } else if (units.get((int) (written % units.size())).write(due == begin ? now : due)) {
                written++;
            } else {
                Thread.onSpinWait();
            }
        }
        return (long) (written / ((now - begin) / (double) SECOND));
    }

    /** A PRI queue that one thread writes and a lane reads, and who is answered. */
    private static final class TimedUnit implements HardwareUnit, RecordQueue, CommandPort {
        private static final int SLOTS = 1 << 14;

        private final Unit unit;
        private final int mostOutstanding;
        private final ByteBuffer memory =
                ByteBuffer.allocateDirect(SLOTS * PriUnit.RECORD_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);

        /** When the record of a slot was due. */
        private final long[] due = new long[SLOTS];

        private final AtomicLong prod = new AtomicLong();
        private final AtomicLong cons = new AtomicLong();
        private final AtomicLong answers = new AtomicLong();

        /** By the lane, but for a new one while there is nothing to answer. */
        private Histogram times = new Histogram(3);

        private volatile boolean measuring;

        TimedUnit(String name, int mostOutstanding) {
            this.unit = new Unit("smmuv3", name);
            this.mostOutstanding = Math.min(mostOutstanding, SLOTS);
        }

        /** From now on times are kept, and none of before. */
        void measure() {
            awaitAnswers();
            times = new Histogram(3);
            measuring = true; // the lane reads this first
        }

        void awaitAnswers() {
            while (answers.get() != prod.get()) {
                Thread.onSpinWait();
            }
        }

        /** Returns false if there is no room, or as much is outstanding as may be. */
        boolean write(long dueNanos) {
            long i = prod.getPlain();
            if (i - answers.get() >= mostOutstanding) {
                return false;
            }
            int slot = (int) (i & (SLOTS - 1));
            PriUnit.write(memory, slot, i);
            due[slot] = dueNanos;
            prod.setRelease(i + 1);
            return true;
        }

        @Override
        public boolean submit(ByteBuffer command, PageRequestGroup group, Response response) {
            if (measuring) {
                int slot = (int) (group.sequence() - 1 & (SLOTS - 1));
                times.recordValue(Math.max(0, System.nanoTime() - due[slot]));
            }
            answers.setRelease(answers.getPlain() + 1);
            return true;
        }

        @Override
        public boolean submit(ByteBuffer command) {
            throw new IllegalStateException("the platform says what it answers");
        }

        @Override
        public Unit unit() {
            return unit;
        }

        @Override
        public List<RecordQueue> queues() {
            return List.of(this);
        }

        @Override
        public CommandPort port() {
            return this;
        }

        @Override
        public String kind() {
            return "priq";
        }

        @Override
        public int available() {
            return (int) (prod.getAcquire() - cons.getPlain());
        }

        @Override
        public int first() {
            return (int) (cons.getPlain() & (SLOTS - 1));
        }

        @Override
        public int slots() {
            return SLOTS;
        }

        @Override
        public ByteBuffer memory() {
            return memory;
        }

        @Override
        public void consumed(int n) {
            cons.setRelease(cons.getPlain() + n);
        }

        @Override
        public boolean overflowed() {
            return false;
        }

        @Override
        public void acknowledge() {
            throw new IllegalStateException("never overflows");
        }
    }
}
