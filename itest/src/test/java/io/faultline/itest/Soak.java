package io.faultline.itest;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.platform.HandlerView;
import io.faultline.platform.Platform;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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
    private static final int MOST_HANDLERS = 8;
    private static final int QUEUES = 2;

    private final Scene scene;
    private final Defect defect;
    private final Random random;
    private final SoakLog[] logs = new SoakLog[QUEUES];
    private final SoakAudit[] audits = new SoakAudit[QUEUES];
    private final List<Map<Integer, SoakStay>> stays = new ArrayList<>();
    private final long[] audited = new long[QUEUES];
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
    private final List<Present> present = new ArrayList<>();
    private final List<SoakHandler> all = new ArrayList<>();
    private final byte[] hot;
    private final ServiceRegistration<?> supply;
    private final Bundle soaking;
    private final Thread generator = new Thread(this::generate, "generator");
    private SoakHandler ofBundle;
    private int nextHandler = SoakHandler.FIRST + 1;
    private volatile boolean paused;
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
                any |= !paused && log.ask();
            }
            if (!any) {
                LockSupport.parkNanos(50_000);
            }
        }
    }

    /** Makes that many changes. Returns what the audit has found, a few lines of it at most. */
    List<String> run(int changes) throws Exception {
        for (int i = 1; i <= changes; i++) {
            change();
            if (i % ROUND == 0 || i == changes) {
                audit();
            }
        }
        List<String> problems = new ArrayList<>();
        for (SoakAudit audit : audits) {
            problems.addAll(audit.problems());
        }
        int late = all.stream().mapToInt(handler -> handler.late.get()).sum();
        if (late > 0) {
            problems.add(late + " calls into handlers that had left");
        }
        return problems;
    }

    long groups() {
        return logs[0].produced() + logs[1].produced();
    }

    /** Lets all groups end, then looks at what was written down about them. */
    private void audit() {
        paused = true;
        for (int i = 0; i < QUEUES; i++) {
            SoakLog log = logs[i];
            scene.until("end of all groups of " + log, log::isQuiet, quiet -> quiet);
            // what a deferring handler has to say too late is written down, too
            LockSupport.parkNanos(5_000_000);
            audits[i].check(log.take(), audited[i], log.produced());
            audited[i] = log.produced();
        }
        paused = false;
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
        SoakHandler handler = new SoakHandler(number, this, later);
        all.add(handler);
        return handler;
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
        return new long[] {logs[0].consumedSoFar(), logs[1].consumedSoFar()};
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
