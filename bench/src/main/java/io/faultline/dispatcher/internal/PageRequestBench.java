package io.faultline.dispatcher.internal;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.hardware.Decodes;
import io.faultline.iopf.internal.Iopf;
import io.faultline.smmuv3.internal.PriDecoder;
import io.faultline.smmuv3.internal.ResponseCommands;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Page requests to responses: SMMUv3 PRI records through a lane and io-pgfault as they ship, down
 * to the bytes of CMD_PRI_RESP, beside a hand-written loop that looks its pages up in a {@link
 * ConcurrentHashMap}. A group is one request; all pages are there, so that what is measured is the
 * way and not the memory.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PageRequestBench {
    static final int BATCH = 256;

    private static final int POOLED_OUTSTANDING = 1024;

    /** One dispatcher with a lane for each benchmark thread, io-pgfault on the lane. */
    @State(Scope.Benchmark)
    public static class Inline {
        private final Platform platform = new Platform(false, BATCH);
    }

    /** The same with spaces that may block, so that io-pgfault's pool does the work. */
    @State(Scope.Benchmark)
    public static class Pooled {
        private final Platform platform = new Platform(true, POOLED_OUTSTANDING);

        /** Ends the pool. */
        @TearDown(Level.Trial)
        public void close() {
            Iopf.close(platform.handler);
        }
    }

    /** What drives one lane. */
    @State(Scope.Thread)
    public static class Driver {
        private int thread;

        /** How many answers its lane is to have given. */
        private long goal;

        /** Which lane is this thread's. */
        @Setup
        public void number(ThreadParams params) {
            thread = params.getThreadIndex();
        }
    }

    /** A lane and io-pgfault inline. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long inlineOneLane(Inline inline, Driver driver) {
        return inline.platform.batch(driver);
    }

    /** Two lanes, two processors. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    @Threads(2)
    public long inlineTwoLanes(Inline inline, Driver driver) {
        return inline.platform.batch(driver);
    }

    /** A lane and io-pgfault's pool. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long pooledOneLane(Pooled pooled, Driver driver) {
        return pooled.platform.batch(driver);
    }

    /** Two lanes and the pool, on two processors. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    @Threads(2)
    public long pooledTwoLanes(Pooled pooled, Driver driver) {
        return pooled.platform.batch(driver);
    }

    /** What somebody would write who needs nothing but this. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long handWritten(Peer peer) {
        return peer.batch();
    }

    /** Two of those, with one map. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    @Threads(2)
    public long handWrittenTwoThreads(Peer peer) {
        return peer.batch();
    }

    /** What ships, around units made up here. */
    static final class Platform {
        private static final List<String> UNITS = List.of("smmu0", "smmu1");

        final FaultHandler handler;
        private final PriUnit[] units = new PriUnit[UNITS.size()];
        private final Lane[] lanes = new Lane[UNITS.size()];

        Platform(boolean pooled, int outstanding) {
            Dispatcher dispatcher =
                    Dispatcher.stepped(
                            Settings.DEFAULTS,
                            System::nanoTime,
                            message -> {
                                throw new IllegalStateException(message);
                            });
            dispatcher.addDecoder(
                    new PriDecoder(),
                    Source.named("decoder", 1),
                    Map.of(Decodes.ARCH, "smmuv3", Decodes.QUEUE, "priq"));
            dispatcher.addEncoder(
                    new ResponseCommands(),
                    Source.named("encoder", 2),
                    Map.of(Decodes.ARCH, "smmuv3"));
            handler = Iopf.with(PriUnit.spaces(UNITS, pooled), Map.of());
            dispatcher.addHandler(
                    handler,
                    Source.named("io-pgfault", 3),
                    Map.of(Handles.KINDS, new String[] {"page_request", "hint"}));
            for (int i = 0; i < UNITS.size(); i++) {
                units[i] = new PriUnit(UNITS.get(i), BATCH, outstanding);
                dispatcher.addUnit(units[i], Source.named("unit", 10 + i));
                lanes[i] = dispatcher.lanes().get(i);
            }
        }

        /**
         * Steps a lane until it has answered a batch more. A lane chooses how much it takes on in a
         * step, so it may answer more than that; the rest counts for the next batch. One with
         * nothing to do lets others run, as it does by itself, where it sleeps.
         */
        @SuppressWarnings("ThreadPriorityCheck")
        long batch(Driver driver) {
            PriUnit unit = units[driver.thread];
            Lane lane = lanes[driver.thread];
            driver.goal += BATCH;
            while (unit.answers() < driver.goal) {
                if (lane.stepByHand() == 0) {
                    Thread.yield();
                }
            }
            return unit.answers();
        }
    }

    /** The hand-written loop: the same records, decoder, object and command bytes. */
    @State(Scope.Thread)
    public static class Peer {
        private static final ConcurrentHashMap<Long, Boolean> PAGES = new ConcurrentHashMap<>();

        private final PriUnit unit = new PriUnit("peer", BATCH, BATCH);
        private final PriDecoder decoder = new PriDecoder();
        private final ResponseCommands encoder = new ResponseCommands();
        private final ByteBuffer command = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        private final MadeFaults made = new MadeFaults(RecordKind.SMMUV3_PAGE_REQUEST);

        /** All pages are there. */
        @Setup
        public void fill() {
            for (int device = 0; device < PriUnit.DEVICES; device++) {
                for (int pasid = 1; pasid <= PriUnit.PASIDS; pasid++) {
                    for (int page = 0; page < PriUnit.PAGES; page++) {
                        PAGES.put(
                                key(
                                        PriUnit.FIRST_DEVICE + device,
                                        pasid,
                                        PriUnit.FIRST_PAGE + page),
                                true);
                    }
                }
            }
        }

        private static long key(int requester, int pasid, long page) {
            return (long) requester << 48 | (long) pasid << 32 | page;
        }

        long batch() {
            int first = unit.first();
            for (int i = 0; i < BATCH; i++) {
                decoder.decode(unit.memory(), (first + i) % unit.slots() * 16, made);
                PageRequestGroup group = made.group();
                long page = group.iova() >>> 12;
                boolean there = PAGES.containsKey(key(group.requester(), group.pasid(), page));
                command.clear();
                encoder.encode(group, there ? Response.SUCCESS : Response.INVALID, command);
                command.flip();
                unit.submit(command);
            }
            unit.consumed(BATCH);
            return unit.answers();
        }
    }
}
