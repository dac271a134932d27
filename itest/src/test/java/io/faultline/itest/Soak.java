package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.platform.HandlerView;
import io.faultline.platform.Platform;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Changes everything that can change while two lanes run at full speed on numbered groups, at
 * random but from a seed, and lets {@link SoakAudit} look at what was written down.
 */
final class Soak implements AutoCloseable {
    /** What the soak does wrong on purpose, so that the audit is seen to notice. */
    enum Defect {
        NONE,
        /** A handler is gone before the last call into it has ended. */
        NO_WAIT_FOR_QUIESCENCE,
        OFFERED_TWICE,
        REOFFER_LOST,
        ANSWERED_TWICE,
        CALL_AFTER_UNBIND
    }

    private static final int ROUND = 100;
    private static final int SAY_EVERY = 5000;
    private static final int MOST_LEFT_OUT = 3;
    private static final int MOST_HANDLERS = 8;
    private static final int QUEUES = 2;

    private final Scene scene;
    private final Defect defect;
    private final Random random;
    private final SoakLog[] logs = new SoakLog[QUEUES];
    private final SoakAudit[] audits = new SoakAudit[QUEUES];
    private final List<Map<Integer, SoakStay>> stays = new ArrayList<>();
    private final long[] audited = new long[QUEUES];

    /** Deferrals of which more may be written down. */
    private final AtomicInteger concluding = new AtomicInteger();

    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
    private final List<Present> present = new ArrayList<>();
    private final Set<Thread> callers = ConcurrentHashMap.newKeySet();
    private final byte[] hot;
    private final ServiceRegistration<?> supply;
    private final Bundle soaking;
    private final Thread generator = new Thread(this::generate, "generator");

    /** Calls into handlers that had left. */
    private final AtomicInteger late = new AtomicInteger();

    private SoakHandler ofBundle;

    /** How often, in this round, a call was made to last until it was given up. */
    private int blocks;

    private int leftOut;
    private int lateAudited;
    private int nextHandler = SoakHandler.FIRST + 1;
    private volatile boolean stopped;

    private record Present(SoakHandler handler, ServiceRegistration<FaultHandler> registration) {}

    Soak(Scene scene, long seed, Defect defect) throws Exception {
        this.scene = scene;
        this.defect = defect;
        this.random = new Random(seed);
        String[] names = {"left", "right"};
        for (int i = 0; i < QUEUES; i++) {
            logs[i] = new SoakLog(names[i], defect == Defect.ANSWERED_TWICE);
            stays.add(new ConcurrentHashMap<>());
            audits[i] = new SoakAudit(names[i], stays.get(i));
        }
        try (InputStream in = Scene.hot("soaking").open()) {
            hot = in.readAllBytes();
        }
        add(SoakHandler.LAST, -1000);
        add(SoakHandler.FIRST, 1000);
        Supplier<FaultHandler> handlers = this::handlerOfBundle;
        supply =
                scene.context()
                        .registerService(
                                Supplier.class.getName(),
                                handlers,
                                FrameworkUtil.asDictionary(Map.of("soak", "handlers")));
        soaking = scene.install(Scene.hot("soaking"), "soaking");
        for (SoakLog log : logs) {
            scene.plug(log);
        }
        generator.start();
    }

    /** By a handler: who calls it, and whether it had left. */
    void called(boolean tooLate) {
        Thread caller = Thread.currentThread();
        if (!callers.contains(caller)) {
            callers.add(caller);
        }
        if (tooLate && !isGivenUp(caller)) {
            late.incrementAndGet();
        }
    }

    /** A call that was given up may run on (R6, R14): its thread tells by its name. */
    private static boolean isGivenUp(Thread caller) {
        return caller.getName().startsWith("faultline-given-up");
    }

    /** A handler will conclude one more, or one less. */
    void concludes(int more) {
        concluding.addAndGet(more);
    }

    boolean has(Defect one) {
        return defect == one;
    }

    SoakLog log(Fault fault) {
        return logs[fault.unit().name().equals("left") ? 0 : 1];
    }

    private void generate() {
        while (!stopped) {
            boolean any = false;
            for (SoakLog log : logs) {
                any |= log.ask();
            }
            if (!any) {
                LockSupport.parkNanos(50_000);
            }
        }
    }

    /**
     * Makes that many changes, and as many more as rounds had to be left out. Returns what the
     * audit has found, a few lines of it at most.
     */
    List<String> run(int changes) throws Exception {
        int most = changes;
        for (int i = 1; i <= most; i++) {
            change();
            if ((i % ROUND == 0 || i == most) && !audit()) {
                most += ROUND;
                leftOut++;
                assertTrue(
                        leftOut <= MOST_LEFT_OUT + changes / ROUND / 20,
                        leftOut + " rounds had calls that were given up unasked: too much load");
            }
            if (i % SAY_EVERY == 0) {
                say(i);
            }
        }
        List<String> problems = new ArrayList<>();
        for (SoakAudit audit : audits) {
            problems.addAll(audit.problems());
        }
        if (late.get() > 0) {
            problems.add(late + " calls into handlers that had left");
        }
        return problems;
    }

    /** How far it is, and what stays in memory: it must not grow with the changes. */
    private void say(int changes) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        System.out.printf(
                "soak: %,d changes so far, %,d groups, %d rounds left out, %,d MB live, %,d"
                        + " classes, %,d threads%n",
                changes,
                groups(),
                leftOut,
                (runtime.totalMemory() - runtime.freeMemory()) >> 20,
                classes.getLoadedClassCount(),
                Thread.activeCount());
    }

    long groups() {
        return logs[0].produced() + logs[1].produced();
    }

    /**
     * Lets all groups end, then looks at what was written down about them.
     *
     * @return false if a call was given up that was not made to last: on a machine that leaves a
     *     thread without a processor for 150 ms. What that one writes down, and when, says nothing
     */
    private boolean audit() {
        for (SoakLog log : logs) {
            log.pause(true);
            scene.until("end of all groups of " + log, log::isQuiet, quiet -> quiet);
        }
        // what a deferring handler has to say too late is written down, too
        scene.until("conclusions", concluding::get, n -> n == 0);
        int lateBefore = lateAudited;
        boolean asked = takeGivenUp() == blocks;
        blocks = 0;
        for (int i = 0; i < QUEUES; i++) {
            List<SoakLog.Entry> entries = logs[i].take();
            if (asked) {
                audits[i].check(entries, audited[i], logs[i].produced());
            } else {
                audits[i].leaveOut(logs[i].produced());
            }
            audited[i] = logs[i].produced();
        }
        if (!asked) {
            late.set(lateBefore);
        }
        lateAudited = late.get();
        for (SoakLog log : logs) {
            log.pause(false);
        }
        return asked;
    }

    /** How many callers were given up since the last call; their calls have ended now. */
    private int takeGivenUp() {
        List<Thread> givenUp = callers.stream().filter(Soak::isGivenUp).toList();
        for (Thread caller : givenUp) {
            scene.until(caller.getName() + " to end", caller::isAlive, alive -> !alive);
        }
        callers.removeIf(caller -> !caller.isAlive());
        return givenUp.size();
    }

    // --- changes

    private void change() throws Exception {
        int what = random.nextInt(100);
        if (what < 30 && present.size() < MOST_HANDLERS) {
            add(nextHandler++, random.nextInt(21) - 10);
        } else if (what < 55 && !present.isEmpty()) {
            remove(present.remove(random.nextInt(present.size())));
        } else if (what < 70 && !present.isEmpty()) {
            rerank(any());
        } else if (what < 80) {
            configure();
        } else if (what < 85 && !present.isEmpty()) {
            letThrow(any().handler);
        } else if (what < 87 && !present.isEmpty()) {
            block(any().handler);
        } else if (what < 93) {
            changeBundle();
        } else if (what < 96) {
            swapDriver();
        } else {
            // faults flow for a moment in which nothing changes
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Present any() {
        return present.get(random.nextInt(present.size()));
    }

    private SoakHandler handler(int number) {
        return new SoakHandler(number, this, later);
    }

    private void add(int number, int ranking) {
        SoakHandler handler = handler(number);
        // before it is known how far it must be asked, it may be
        long[] from = read();
        for (int i = 0; i < QUEUES; i++) {
            stays.get(i).put(number, new SoakStay(number, ranking, from[i], Long.MAX_VALUE));
        }
        ServiceRegistration<FaultHandler> registration =
                scene.register(
                        FaultHandler.class,
                        handler,
                        Map.of(
                                Handles.NAME,
                                "soak-" + number,
                                Handles.KINDS,
                                "page_request",
                                Constants.SERVICE_RANKING,
                                ranking));
        long[] must = written();
        for (int i = 0; i < QUEUES; i++) {
            stays.get(i).put(number, new SoakStay(number, ranking, from[i], must[i]));
        }
        if (number > SoakHandler.FIRST) {
            present.add(new Present(handler, registration));
        }
    }

    private void remove(Present leaving) throws Exception {
        mayMiss(leaving.handler);
        if (defect == Defect.NO_WAIT_FOR_QUIESCENCE) {
            leaving.handler.close();
        }
        leaving.registration.unregister();
        leaving.handler.close();
        gone(leaving.handler);
        if (defect == Defect.CALL_AFTER_UNBIND) {
            leaving.handler.callOnceMore();
        }
    }

    private void rerank(Present moving) {
        for (Map<Integer, SoakStay> mine : stays) {
            mine.get(moving.handler.number).moved();
        }
        moving.registration.setProperties(
                FrameworkUtil.asDictionary(
                        Map.of(
                                Handles.NAME,
                                "soak-" + moving.handler.number,
                                Handles.KINDS,
                                "page_request",
                                Constants.SERVICE_RANKING,
                                random.nextInt(21) - 10)));
    }

    private void configure() throws Exception {
        scene.configure(
                Scene.DISPATCHER,
                Map.of(
                        "batch.limit", 1 + random.nextInt(512),
                        "handler.limit.ms", 150,
                        "handler.failures", 1_000_000,
                        "handler.blocks", 1000,
                        "pending.limit.unit", 65_536,
                        "pending.limit.device", 8192 + random.nextInt(1000),
                        "device.share", 1.0));
    }

    private void letThrow(SoakHandler handler) {
        handler.throwing = !handler.throwing;
    }

    /** One call stays inside until it has been given up. */
    private void block(SoakHandler handler) {
        mayMiss(handler);
        blocks++;
        CountDownLatch gate = new CountDownLatch(1);
        handler.block(gate);
        String name = "soak-" + handler.number;
        scene.until("call given up", () -> stateOf(name), state -> state.startsWith("out"));
        gate.countDown();
        scene.until("call returned", () -> stateOf(name), "active"::equals);
    }

    private String stateOf(String name) {
        return scene.service(Platform.class).handlers().stream()
                .filter(view -> view.name().equals(name))
                .map(HandlerView::state)
                .findFirst()
                .orElse("gone");
    }

    // --- bundles

    /** A bundle's handler: Soaking asks for one each time it is activated. */
    private FaultHandler handlerOfBundle() {
        int number = nextHandler++;
        SoakHandler handler = handler(number);
        long[] from = read();
        for (int i = 0; i < QUEUES; i++) {
            stays.get(i).put(number, new SoakStay(number, 5, from[i], Long.MAX_VALUE));
        }
        ofBundle = handler;
        return handler;
    }

    private void changeBundle() throws Exception {
        if (soaking.getState() != Bundle.ACTIVE) {
            soaking.start();
            return;
        }
        SoakHandler leaving = ofBundle;
        switch (random.nextInt(3)) {
            case 0 -> soaking.stop();
            case 1 -> soaking.update(new ByteArrayInputStream(hot));
            default -> refresh();
        }
        if (leaving != null) {
            gone(leaving);
        }
        if (ofBundle == leaving) {
            ofBundle = null; // its successor has not been asked for yet
        }
    }

    private void refresh() {
        CountDownLatch done = new CountDownLatch(1);
        scene.context()
                .getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(soaking), event -> done.countDown());
        scene.until("refresh", done::getCount, n -> n == 0);
    }

    /** The decoder and the encoder of all records leave, and come back as others. */
    private void swapDriver() throws Exception {
        Bundle driver = scene.bundle(Scene.SMMUV3);
        try (InputStream jar = new FileInputStream(Bundles.jar("smmuv3-bundle"))) {
            driver.update(jar);
        }
    }

    // --- how far the queues are

    private long[] read() {
        return new long[] {logs[0].offeredSoFar(), logs[1].offeredSoFar()};
    }

    private long[] written() {
        return new long[] {logs[0].produced(), logs[1].produced()};
    }

    private void mayMiss(SoakHandler handler) {
        long[] until = read();
        for (int i = 0; i < QUEUES; i++) {
            stays.get(i).get(handler.number).mayMiss(until[i]);
        }
    }

    private void gone(SoakHandler handler) {
        long[] until = written();
        for (int i = 0; i < QUEUES; i++) {
            stays.get(i).get(handler.number).mayMiss(0);
            stays.get(i).get(handler.number).gone(until[i]);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            generator.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        supply.unregister();
        later.shutdownNow();
    }
}
