package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.Area;
import io.faultline.mm.ModelledSpace;
import io.faultline.mm.ScriptedFault;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceControl;
import io.faultline.mm.SpaceOptions;
import io.faultline.testkit.RecordingPort;
import io.faultline.testkit.RecordingQueue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** The settings of io-pgfault, changed by the framework's own means while page requests come. */
class PageSettingsIT extends InScene {
    private static final String IOPF = "io.faultline.iopf";
    private static final int STREAM = 0x100;
    private static final int PASID = 7;
    private static final long PRESENT = 0x1000;

    /** No other test asks for it: io-pgfault remembers what each device asked for. */
    private static final long UNUSED = 0x6000;

    private static final long HINTED = 0x8000;
    private static final int OUTSTANDING = 128;
    private static final long BETWEEN_CHANGES = 200;

    /** Every setting, as it is unless configured, and another value. */
    private static final Map<String, List<Integer>> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("address.bits", List.of(57, 48));
        SETTINGS.put("workers", List.of(4, 1));
        SETTINGS.put("queue.limit", List.of(1024, 512));
        SETTINGS.put("progress.answers", List.of(64, 1_000_000));
        SETTINGS.put("progress.ms", List.of(1000, 1));
        SETTINGS.put("hint.pages", List.of(64, 0));
        SETTINGS.put("rehearsal.ms", List.of(50, 0));
        SETTINGS.put("handover.ms", List.of(2000, 0));
    }

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final Map<String, Object> present = new LinkedHashMap<>();

    @Configuration
    static Option[] core() {
        return options(Bundles.core(), Bundles.named("iopf-bundle", "mm-bundle"));
    }

    @BeforeEach
    void plugIn() throws Exception {
        FaultHandler driver =
                (fault, context) -> {
                    context.failures().forEach(failure -> told.add(failure.reason()));
                    return Verdict.handled(Response.FAILURE);
                };
        scene.register(
                FaultHandler.class,
                driver,
                Map.of(Handles.NAME, "driver", Handles.KINDS, "page_request"));
        SETTINGS.forEach((key, values) -> present.put(key, values.get(0)));
        set("workers", 4);
        scene.until("chain", scene::chain, List.of("io-pgfault", "driver")::equals);
    }

    /** The next test gets them all as they are at first. */
    @AfterEach
    void setBack() throws Exception {
        for (Map.Entry<String, List<Integer>> setting : SETTINGS.entrySet()) {
            set(setting.getKey(), setting.getValue().get(0));
        }
    }

    /**
     * Returns when it is in force: the service has the property after the handler has the value.
     */
    private void set(String key, int value) throws Exception {
        present.put(key, value);
        scene.configure(IOPF, present);
        scene.until(key, () -> handler().getProperty(key), Integer.valueOf(value)::equals);
    }

    private ServiceReference<?> handler() {
        try {
            return scene.context()
                    .getServiceReferences(FaultHandler.class, "(component.name=io-pgfault)")
                    .iterator()
                    .next();
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void showARefusedValueInHealthUntilItIsPutRight() throws Exception {
        String line = "io-pgfault: hint.pages=-1 is out of range; allowed are 0 to 65536; 64 stays";
        present.put("hint.pages", -1);
        scene.configure(IOPF, present);
        scene.until("health", scene::health, health -> health.contains(line));

        present.remove("hint.pages");
        scene.configure(IOPF, present);
        scene.until("health", scene::health, health -> !health.contains(line));
    }

    @Test
    void areAllInMetatypeWithTheirDefaultsAndRanges() {
        MetaTypeService metatype = scene.service(MetaTypeService.class);
        ObjectClassDefinition definition =
                metatype.getMetaTypeInformation(scene.bundle(IOPF))
                        .getObjectClassDefinition(IOPF, null);

        Map<String, List<Integer>> defaults = new LinkedHashMap<>();
        for (AttributeDefinition attribute :
                definition.getAttributeDefinitions(ObjectClassDefinition.ALL)) {
            int value = Integer.parseInt(attribute.getDefaultValue()[0]);
            defaults.put(attribute.getID(), List.of(value));
            assertEquals("", attribute.validate("" + value), attribute.getID());
            assertTrue(!attribute.validate("-1").isEmpty(), attribute.getID());
            assertTrue(!attribute.validate("10000000").isEmpty(), attribute.getID());
        }

        assertEquals(SETTINGS.keySet(), defaults.keySet());
        SETTINGS.forEach((key, values) -> assertEquals(values.get(0), defaults.get(key).get(0)));
    }

    /** Changed without loss: each group of a stream is answered once, with SUCCESS. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void loseNoGroupWhileTheyChange(boolean blocks) throws Exception {
        PagedUnit unit = new PagedUnit("paged0", blocks);
        scene.register(AddressSpaces.class, unit, Map.of());
        scene.plug(unit);
        AtomicBoolean enough = new AtomicBoolean();
        AtomicLong asked = new AtomicLong();
        Thread devices = new Thread(() -> ask(unit, asked, enough), "devices");
        devices.start();

        try {
            for (int round = 1; round >= 0; round--) {
                for (Map.Entry<String, List<Integer>> setting : SETTINGS.entrySet()) {
                    set(setting.getKey(), setting.getValue().get(round));
                    long now = unit.answered.get();
                    scene.until("answers", unit.answered::get, n -> n >= now + BETWEEN_CHANGES);
                }
            }
        } finally {
            enough.set(true);
            devices.join();
        }

        scene.until("answers", unit.answered::get, n -> n == asked.get());
        assertEquals(0, unit.answeredTwice.get());
        assertEquals(0, unit.answeredEarly.get());
        assertEquals(0, unit.notSuccess.get());
        assertEquals(List.of(), List.copyOf(told));
        assertEquals(asked.get() * PagedUnit.MEMBERS, unit.broughtIn());
    }

    private static void ask(PagedUnit unit, AtomicLong asked, AtomicBoolean enough) {
        while (!enough.get()) {
            if (unit.groups() - unit.answered.get() >= OUTSTANDING || !unit.ask()) {
                LockSupport.parkNanos(10_000);
            }
        }
        asked.set(unit.groups());
    }

    /** A unit and a space whose requests a test writes one by one. */
    private final class Device {
        private final RecordingQueue requests = Smmu.pageRequests(64);
        private final RecordingQueue events = Smmu.events(64);
        private final ModelledSpace space;
        private final RecordingPort port;
        private int index;

        Device(boolean blocks) {
            SpaceControl spaces = scene.service(SpaceControl.class);
            space = spaces.createModelled("set", SpaceOptions.DEFAULTS.withMayBlock(blocks));
            space.add(Area.demandZero(PRESENT, 0xf000, Access.of(FaultBits.READ | FaultBits.EXEC)));
            spaces.bind("set", SpaceBinding.of("smmu0", STREAM, PASID));
            spaces.bind("set", SpaceBinding.of("smmu0", STREAM, Fault.NO_PASID));
            port = scene.smmu("smmu0", requests, events).port();
        }

        void ask(long page) {
            requests.write(Smmu.request(STREAM, PASID, ++index, true, page));
        }

        Response answerTo(long page) {
            int before = port.responses().size();
            ask(page);
            return scene.until("answers", port::responses, all -> all.size() > before).get(before);
        }

        void close() {
            scene.service(SpaceControl.class).destroy("set");
        }
    }

    private void withDevice(boolean blocks, DeviceTest test) throws Exception {
        Device device = new Device(blocks);
        try {
            test.run(device);
        } finally {
            device.close();
        }
    }

    private interface DeviceTest {
        void run(Device device) throws Exception;
    }

    private String lastTold() {
        return told.stream().reduce((a, b) -> b).orElseThrow().replaceFirst(":.*", "");
    }

    @Test
    void sayHowManyBitsAnAddressHas() throws Exception {
        withDevice(
                false,
                device -> {
                    device.answerTo(1L << 50);
                    assertEquals("no_area", lastTold());

                    set("address.bits", 48);

                    device.answerTo(1L << 50);
                    assertEquals("non_canonical", lastTold());
                });
    }

    @Test
    void sayHowOftenARequestMayComeAgain() throws Exception {
        withDevice(
                false,
                device -> {
                    set("progress.ms", 600_000);
                    set("progress.answers", 1);
                    assertEquals(Response.SUCCESS, device.answerTo(UNUSED));
                    assertEquals(Response.FAILURE, device.answerTo(UNUSED));
                    assertEquals("no_progress", lastTold());

                    set("progress.answers", 2);
                    assertEquals(Response.SUCCESS, device.answerTo(UNUSED));
                    assertEquals(Response.FAILURE, device.answerTo(UNUSED));

                    set("progress.ms", 1);
                    scene.until("answer", () -> device.answerTo(UNUSED), Response.SUCCESS::equals);
                });
    }

    @Test
    void sayHowManyPagesAHintBringsIn() throws Exception {
        withDevice(
                false,
                device -> {
                    set("hint.pages", 0);
                    device.events.write(Smmu.hint(STREAM, HINTED, 4));
                    assertEquals(Response.SUCCESS, device.answerTo(PRESENT));
                    scene.awaitCounts("smmu0", c -> c.completed() == 2);
                    assertEquals(1, device.space.counts().resident());

                    set("hint.pages", 3);
                    device.events.write(Smmu.hint(STREAM, HINTED, 4));

                    scene.until("pages", () -> device.space.counts().resident(), n -> n == 4);
                });
    }

    @Test
    void sayHowManyThreadsThereAre() throws Exception {
        set("workers", 3);
        scene.until("threads", PageSettingsIT::threads, n -> n == 3);

        set("workers", 2);

        scene.until("threads", PageSettingsIT::threads, n -> n == 2);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("io-pgfault-"))
                .count();
    }

    @Test
    void sayHowManyGroupsWaitForAThread() throws Exception {
        withDevice(
                true,
                device -> {
                    set("queue.limit", 2);
                    device.space.script(List.of(ScriptedFault.block(PRESENT, PRESENT + 0xfff)));
                    device.ask(PRESENT);
                    scene.until("calls", () -> device.space.counts().calls(), n -> n == 1);

                    device.ask(0x2000);
                    device.ask(0x3000);
                    assertEquals(Response.FAILURE, device.answerTo(0x4000));
                    assertEquals("pool_full", lastTold());
                    set("queue.limit", 3);
                    device.ask(0x5000);
                    device.space.script(List.of());

                    scene.until("answers", device.port::responses, all -> all.size() == 5);
                    assertEquals(1, told.size());
                });
    }

    /** R6: without a handover the driver is asked at once when io-pgfault leaves. */
    @Test
    void sayWhetherGroupsWaitForTheNextVersion() throws Exception {
        withDevice(
                false,
                device -> {
                    Bundle bundle = scene.bundle(IOPF);
                    set("handover.ms", 0);
                    bundle.stop();
                    assertEquals(Response.FAILURE, device.answerTo(PRESENT));
                    bundle.start();
                    scene.until("chain", scene::chain, List.of("io-pgfault", "driver")::equals);

                    set("handover.ms", 60_000);
                    bundle.stop();
                    bundle.start(); // the dispatcher knows it, too
                    scene.until("chain", scene::chain, List.of("io-pgfault", "driver")::equals);
                    bundle.stop();
                    device.ask(PRESENT);
                    bundle.start();

                    scene.until("answers", device.port::responses, all -> all.size() == 2);
                    assertEquals(Response.SUCCESS, device.port.responses().get(1));
                });
    }
}
