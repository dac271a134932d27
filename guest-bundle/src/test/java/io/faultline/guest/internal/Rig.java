package io.faultline.guest.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.guest.GuestView;
import io.faultline.handler.FaultHandler;
import io.faultline.hardware.HardwareUnit;
import io.faultline.queue.BoundedQueue;
import io.faultline.queue.QueueGrant;
import io.faultline.queue.Queues;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.SteppedLane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A guest server on a stepped lane: everything that ships but the framework. */
final class Rig implements AutoCloseable {
    static final String UNIT = "smmu0";
    static final int DEVICE = 0x100;

    final SteppedLane lane = new SteppedLane();
    final List<String> messages = new CopyOnWriteArrayList<>();
    final List<HardwareUnit> units = new CopyOnWriteArrayList<>();
    final List<Claim> claims = new CopyOnWriteArrayList<>();
    volatile GuestServer server;
    final Path socket;
    private final Path folder;

    /** The dispatcher's. */
    volatile int queueLimit = 4096;

    /** Whether there is no dispatcher. */
    private volatile boolean away;

    Rig() throws IOException {
        this(Map.of());
    }

    Rig(Map<String, ?> config) throws IOException {
        server = server(settings(config));
        folder = Files.createTempDirectory("guest");
        socket = folder.resolve("guest.sock");
        server.listen(socket);
    }

    private static Settings settings(Map<String, ?> config) {
        List<String> problems = new ArrayList<>();
        Settings settings = Settings.DEFAULTS.with(config, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.toString());
        }
        return settings;
    }

    private GuestServer server(Settings settings) {
        return new GuestServer(settings, new LookUps(), new LaneRegistry(), messages::add);
    }

    /** Changes the configuration, as the component does. */
    void configure(Map<String, ?> config) {
        server.configure(settings(config));
    }

    /** As when the bundle is updated: another server goes on with what this one leaves. */
    void restart() throws IOException {
        Settings settings = server.settings();
        Map<String, Object> parcel = server.close(20_000);
        server = server(settings);
        server.restore(parcel);
        server.listen(socket);
    }

    /** The dispatcher has ended: its lanes offer nothing, and it grants nothing. */
    void dispatcherLeaves() {
        server.dispatcherLeaves();
        away = true;
    }

    void dispatcherComes() {
        away = false;
        server.dispatcherCame();
    }

    FaultBuilder fault() {
        return new FaultBuilder().unit("smmuv3", UNIT).requester(DEVICE).iova(0x1000);
    }

    PageRequestGroup group(int index) {
        return fault().pasid(7).pageRequests(index);
    }

    /** An event that a guest may see; its last word it may not. */
    UnrecoverableFault event(long iova) {
        return fault().queue("evtq")
                .stage(1)
                .code(0x10)
                .iova(iova)
                .raw(0x100_0000_0010L, 0, iova, 0xdead_0000L)
                .unrecoverable(Reason.NOT_PRESENT);
    }

    /** Offers a fault; readers of connections register handlers meanwhile. */
    synchronized void offer(Fault fault) {
        lane.offer(fault);
    }

    synchronized void advance(Duration by) {
        lane.advance(by);
    }

    synchronized void step() {
        lane.step();
    }

    /** Steps the lane until something holds; says what did not. */
    void until(String what, BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + " did not come; guests: " + server.guests());
            }
            step();
            Thread.sleep(1); // a condition is awaited
        }
    }

    GuestView view() {
        return server.guests().get(0);
    }

    @Override
    public void close() throws IOException {
        server.close(0);
        lane.close();
        Files.deleteIfExists(socket);
        Files.delete(folder);
    }

    private final class LaneRegistry implements Registry {
        @Override
        public Registration register(FaultHandler handler, Map<String, Object> properties) {
            synchronized (Rig.this) {
                lane.add(handler, properties);
                claims.add((Claim) handler);
            }
            return new Registration() {
                @Override
                public void leave() {
                    synchronized (Rig.this) {
                        lane.remove(handler);
                    }
                }

                @Override
                public void leaveToSuccessor(int millis) {
                    leave(); // GuestIT has lanes on which groups wait for a successor
                }
            };
        }

        @Override
        public Runnable register(HardwareUnit unit) {
            units.add(unit);
            return () -> units.remove(unit);
        }
    }

    private final class LookUps implements Platforms {
        @Override
        public HardwareUnit unit(String name) {
            return units.stream()
                    .filter(u -> u.unit().name().equals(name))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public int recordBytes(String key) {
            return key.equals("smmuv3:evtq") ? 32 : 0;
        }

        @Override
        public Map<String, String> settings() {
            if (away) {
                return null;
            }
            Map<String, String> settings = new HashMap<>(lane.platform().settings());
            settings.put("queue.limit", Integer.toString(queueLimit));
            return settings;
        }

        @Override
        public Queues queues() {
            return away ? null : new SmallQueues();
        }
    }

    private final class SmallQueues implements Queues {
        @Override
        public <E> BoundedQueue<E> open(int requested, int least) {
            return new SmallQueue<>(QueueGrant.negotiate(requested, least, queueLimit));
        }
    }

    private static final class SmallQueue<E> implements BoundedQueue<E> {
        private final QueueGrant grant;
        private final ArrayBlockingQueue<E> elements;
        private final LongAdder refused = new LongAdder();

        SmallQueue(QueueGrant grant) {
            this.grant = grant;
            this.elements = new ArrayBlockingQueue<>(grant.granted());
        }

        @Override
        public QueueGrant grant() {
            return grant;
        }

        @Override
        public boolean offer(E element) {
            boolean taken = elements.offer(element);
            if (!taken) {
                refused.increment();
            }
            return taken;
        }

        @Override
        public int drain(Consumer<? super E> to, int limit) {
            List<E> taken = new ArrayList<>();
            elements.drainTo(taken, limit);
            taken.forEach(to);
            return taken.size();
        }

        @Override
        public int size() {
            return elements.size();
        }

        @Override
        public long refused() {
            return refused.sum();
        }
    }
}
