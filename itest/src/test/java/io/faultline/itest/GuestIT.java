package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Access;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.guest.GuestView;
import io.faultline.guest.Guests;
import io.faultline.guest.RawQueue;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.itest.GuestClient.Frame;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.FaultInResult;
import io.faultline.platform.Platform;
import io.faultline.testkit.RecordingPort;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;

/** A device's page requests on their way to another process and back, through what ships. */
class GuestIT extends InScene {
    private static final String GUEST = "io.faultline.guest";
    private static final int STREAM = 0x100;
    private static final AtomicInteger NEXT = new AtomicInteger(0x200);
    private static final int PASID = 7;
    private static final int CMD_RESUME = 0x44;
    private static final int SUCCESS = 0;
    private static final int WITHDRAWN_BY_RESET = 1;
    private static final int ANSWERED_BY_THE_PLATFORM = 2;

    /** A device that nobody has claimed. */
    private static final int FREE = 0x7fff;

    private static final int RESTARTS = 5;

    private final Queue<List<Failure>> told = new ConcurrentLinkedQueue<>();

    /** A device for each test: those of guests that are away are not free at once. */
    private final int device = NEXT.incrementAndGet();

    private RecordingQueue requests;
    private RecordingPort port;

    @Configuration
    static Option[] core() throws IOException {
        // a socket's path may have 107 bytes: a folder of the build could be too long
        Path state = Files.createTempDirectory("guest");
        state.toFile().deleteOnExit();
        return options(
                Bundles.core(),
                Bundles.named("guest-bundle", "shell-bundle"),
                frameworkProperty("faultline.state").value(state.toString()));
    }

    /** A driver at the end of the chain: what its guest does not answer, it refuses. */
    @BeforeEach
    void plugIn() {
        FaultHandler driver =
                (fault, context) -> {
                    told.add(context.failures());
                    return Verdict.handled(Response.FAILURE);
                };
        scene.register(
                FaultHandler.class,
                driver,
                Map.of(
                        Handles.NAME,
                        "driver",
                        Handles.KINDS,
                        "page_request",
                        // only who names a guest's device is asked for it, too (R19)
                        Handles.REQUESTERS,
                        new String[] {hex(), Integer.toString(STREAM)}));
        requests = Smmu.pageRequests(512);
        port = scene.smmu("smmu0", requests).port();
    }

    @AfterEach
    void start() throws Exception {
        scene.bundle(Scene.DISPATCHER).start();
        scene.bundle(GUEST).start();
    }

    private GuestClient connect() throws IOException {
        Path state = Path.of(scene.context().getProperty("faultline.state"));
        return new GuestClient(state.resolve("guest.sock"));
    }

    /** A configuration comes when it comes, but whoever starts has the present one. */
    private void handover(int millis) throws Exception {
        scene.configure(GUEST, Map.of("handover.ms", millis));
        scene.bundle(GUEST).stop();
        scene.bundle(GUEST).start();
    }

    private GuestClient guest() throws IOException {
        return connect().claim("smmu0", hex());
    }

    private String hex() {
        return "0x" + Integer.toHexString(device);
    }

    private void ask(int index) {
        requests.write(Smmu.request(device, PASID, index, true, 0x1000L * index));
    }

    private void awaitResponses(Response... wanted) {
        scene.until("answers", port::responses, List.of(wanted)::equals);
    }

    private GuestView view() {
        return scene.service(Guests.class).guests().stream()
                .filter(v -> v.state().equals("connected"))
                .findFirst()
                .orElseThrow();
    }

    private static boolean addsUp(GuestView view) {
        return view.enqueued() == view.read() + view.dropped() + view.withdrawn();
    }

    @Test
    void asksTheGuestAndAnswersTheHardwareOnce() throws Exception {
        try (GuestClient guest = guest()) {
            ask(1);
            Frame faults = guest.await(GuestClient.FAULTS);
            assertEquals(List.of(PASID, 1), List.of(faults.word(2), faults.word(3)));
            guest.answer(faults.cookies().get(0), SUCCESS);

            awaitResponses(Response.SUCCESS);
            scene.until("counts", this::view, v -> v.answered() == 1 && addsUp(v));
            String text = Shell.run(scene.context(), "guests");
            assertTrue(text.contains("smmu0 " + hex()), text);
            assertTrue(text.contains("1 enqueued = 1 read + 0 dropped"), text);
        }
        assertTrue(told.isEmpty(), "the driver is not asked");
    }

    @Test
    void goesOnDownTheChainWhenTheGuestDies() throws Exception {
        try (GuestClient guest = guest()) {
            ask(1);
            guest.await(GuestClient.FAULTS);
        }
        awaitResponses(Response.FAILURE);
        Failure why = told.remove().get(0);
        assertTrue(why.reason().startsWith("its guest is gone"), why.reason());
    }

    @Test
    void endsTheSessionInOrderWhenItsBundleStops() throws Exception {
        handover(0);
        try (GuestClient guest = guest()) {
            ask(1);
            guest.await(GuestClient.FAULTS);
            scene.bundle(GUEST).stop();

            assertEquals(GuestClient.SHUTDOWN, guest.await(GuestClient.ERROR).word(0));
            assertNull(guest.read(), "the end of the stream");
        }
        awaitResponses(Response.FAILURE);
        ask(2);
        awaitResponses(Response.FAILURE, Response.FAILURE);
    }

    /** Handover: what the guest had and what came meanwhile is its own again, after one hello. */
    @Test
    void keepsTheSessionWhileItsBundleIsUpdated() throws Exception {
        handover(20_000);
        Bundle bundle = scene.bundle(GUEST);
        try (GuestClient guest = guest()) {
            ask(1);
            int former = guest.await(GuestClient.FAULTS).cookies().get(0);
            bundle.stop();
            ask(2);
            Frame last = guest.await(GuestClient.ERROR);
            assertEquals(GuestClient.RESTART, last.word(0));
            assertEquals(20_000, last.word(1));
            assertNull(guest.read(), "the end of the stream");
            try (InputStream jar = new FileInputStream(Bundles.jar("guest-bundle"))) {
                bundle.update(jar);
            }
            bundle.start();

            try (GuestClient again = connect().resume(guest)) {
                List<Integer> cookies = new ArrayList<>();
                while (cookies.size() < 2) {
                    cookies.addAll(again.await(GuestClient.FAULTS).cookies());
                }
                again.answer(former, SUCCESS);
                assertEquals(GuestClient.LATE, again.await(GuestClient.ERROR).word(0));
                for (int cookie : cookies) {
                    again.answer(cookie, SUCCESS);
                }
                awaitResponses(Response.SUCCESS, Response.SUCCESS);
                scene.until("counts", this::view, v -> v.answered() == 2 && addsUp(v));
            }
        }
        assertTrue(told.isEmpty(), "the driver is not asked");
    }

    /** R19: the device is its guest's also while that has not come back to the next version. */
    @Test
    void asksNobodyElseBetweenItsBundlesStartAndTheGuestsReturn() throws Exception {
        handover(20_000);
        Bundle bundle = scene.bundle(GUEST);
        try (GuestClient guest = guest()) {
            bundle.stop();
            bundle.start();
            ask(1);
            scene.until(
                    "the group at the next version",
                    () -> scene.service(Guests.class).guests(),
                    guests -> guests.stream().anyMatch(v -> v.waiting() == 1));

            try (GuestClient again = connect().resume(guest)) {
                again.answer(again.await(GuestClient.FAULTS).cookies().get(0), SUCCESS);
                awaitResponses(Response.SUCCESS);
            }
        }
        assertTrue(told.isEmpty(), "the driver is not asked");
    }

    /**
     * The unit is reset while its guest works (R9): it is told, and the hardware is not answered.
     */
    @Test
    void tellsTheGuestThatAResetHasTakenItsGroup() throws Exception {
        AtomicInteger generation = new AtomicInteger(1);
        RecordingQueue queue = Smmu.pageRequests(16);
        RecordingUnit memory = new RecordingUnit(new Unit("smmuv3", "reset0"), queue);
        scene.plug(
                new HardwareUnit() {
                    @Override
                    public Unit unit() {
                        return memory.unit();
                    }

                    @Override
                    public List<RecordQueue> queues() {
                        return memory.queues();
                    }

                    @Override
                    public CommandPort port() {
                        return memory.port();
                    }

                    @Override
                    public int generation() {
                        return generation.get();
                    }
                });
        try (GuestClient guest = connect().claim("reset0", hex())) {
            queue.write(Smmu.request(device, PASID, 1, true, 0x1000));
            int cookie = guest.await(GuestClient.FAULTS).cookies().get(0);

            generation.incrementAndGet();
            queue.write(Smmu.request(device, PASID, 2, true, 0x2000)); // its lane looks
            Frame next = guest.read();
            Frame withdrawn = next.type() == GuestClient.WITHDRAWN ? next : guest.read();
            assertEquals(
                    List.of(cookie, WITHDRAWN_BY_RESET),
                    List.of(withdrawn.word(0), withdrawn.word(1)));
            Frame fresh =
                    next.type() == GuestClient.FAULTS ? next : guest.await(GuestClient.FAULTS);
            guest.answer(cookie, SUCCESS);
            assertEquals(GuestClient.LATE, guest.await(GuestClient.ERROR).word(0));
            guest.answer(fresh.cookies().get(0), SUCCESS);
            scene.until("answers", memory.port()::responses, List.of(Response.SUCCESS)::equals);
        }
    }

    /** Whatever clients do: enqueued = read + dropped + withdrawn, once nothing waits. */
    @Test
    void countsEveryRecordOfClientsThatMisbehave() throws Exception {
        try (GuestClient wrong = guest();
                GuestClient stuck = connect().claim("smmu0", "0x7001", 512)) {
            for (int i = 0; i < 3; i++) {
                ask(i);
            }
            List<Integer> cookies = new ArrayList<>();
            while (cookies.size() < 3) {
                cookies.addAll(wrong.await(GuestClient.FAULTS).cookies());
            }
            wrong.answer(cookies.get(0), SUCCESS);
            wrong.answer(cookies.get(0), SUCCESS);
            assertEquals(GuestClient.LATE, wrong.await(GuestClient.ERROR).word(0));
            wrong.answer(cookies.get(1), 7);
            wrong.await(GuestClient.ERROR);
            wrong.answer(cookies.get(1) + 1000, SUCCESS);
            wrong.await(GuestClient.ERROR);
            stuck.pause(600_000);
            stuck.await(GuestClient.RESULT);
            for (int i = 0; i < 600; i++) {
                requests.write(Smmu.request(0x7001, PASID, i & 0x1ff, true, 0x1000L * i));
                if (requests.available() > 256) {
                    scene.until("room", requests::available, n -> n == 0);
                }
            }
            scene.until("all", requests::available, n -> n == 0);
        }
        scene.until(
                "sums",
                () -> Shell.run(scene.context(), "guests"),
                text ->
                        text.contains(
                                " 3 enqueued = 3 read + 0 dropped + 0 withdrawn + 0 waiting"));
        String text = Shell.run(scene.context(), "guests");
        assertTrue(text.contains("3 errors"), text);
        scene.until("sums", () -> Shell.run(scene.context(), "guests"), GuestIT::addUp);
    }

    /** Whether nothing waits, and each guest's records are where they have to be. */
    private static boolean addUp(String guests) {
        long wanted = guests.lines().filter(line -> line.startsWith("guest ")).count();
        Matcher sums =
                Pattern.compile(
                                "(\\d+) enqueued = (\\d+) read \\+ (\\d+) dropped \\+ (\\d+) withdrawn"
                                        + " \\+ 0 waiting")
                        .matcher(guests);
        int right = 0;
        while (sums.find()) {
            long ended = 0;
            for (int i = 2; i <= 4; i++) {
                ended += Long.parseLong(sums.group(i));
            }
            right += Long.parseLong(sums.group(1)) == ended ? 1 : 0;
        }
        return right > 0 && right == wanted;
    }

    /** The end of the bundle goes by what was configured while the session was open. */
    @Test
    void tellsAnOpenSessionTheNewHandoverTime() throws Exception {
        handover(0);
        try (GuestClient guest = guest()) {
            // what is refused beside it tells when it is in force
            scene.configure(GUEST, Map.of("handover.ms", 12_345, "wake.ms", 0));
            scene.until(
                    "health",
                    scene::health,
                    health -> health.stream().anyMatch(line -> line.contains("wake.ms=0")));
            scene.bundle(GUEST).stop();

            Frame last = guest.await(GuestClient.ERROR);
            assertEquals(List.of(GuestClient.RESTART, 12_345), List.of(last.word(0), last.word(1)));
        }
    }

    /** R5: in the log, and where an operator looks. */
    @Test
    void showsARefusedSettingInHealthUntilItIsPutRight() throws Exception {
        String line = "guest: wake.ms=0 is out of range; allowed are 1 to 1000; 10 stays";
        scene.configure(GUEST, Map.of("wake.ms", 0));
        scene.until(
                "health", () -> Shell.run(scene.context(), "health"), text -> text.contains(line));
        scene.awaitMessage("wake.ms=0", "1 to 1000");

        scene.configure(GUEST, Map.of("wake.ms", 5));
        scene.until("health", scene::health, health -> !health.contains(line));
    }

    /**
     * R19 while the dispatcher is away and when it comes back: nothing of a claimed device is asked
     * of io-pgfault, and the guest, which stays connected, is told of each end.
     */
    @Test
    void keepsClaimsWhileTheDispatcherIsRestarted() throws Exception {
        scene.configure(Scene.DISPATCHER, Map.of("shutdown.grace.ms", 200));
        Spaces spaces = new Spaces();
        scene.register(AddressSpaces.class, spaces, Map.of());
        scene.drop("iopf-bundle");
        Bundle dispatcher = scene.bundle(Scene.DISPATCHER);
        requests.write(Smmu.request(FREE, PASID, 0, true, 0x1000));
        scene.until("io-pgfault", spaces.askedFor::size, n -> n > 0);

        try (GuestClient guest = guest();
                Answerer answerer = new Answerer(guest);
                Device asking = new Device()) {
            answerer.start();
            asking.start();
            for (int restart = 0; restart < RESTARTS; restart++) {
                int before = answerer.answered();
                scene.until("answers of the guest", answerer::answered, n -> n > before + 100);
                answerer.keep(true);
                scene.until("groups that it keeps", answerer::kept, n -> n > 0);

                dispatcher.stop();
                scene.until("the end of what it kept", answerer::kept, n -> n == 0);
                answerer.keep(false);
                if (restart % 2 == 1) {
                    try (InputStream jar = new FileInputStream(Bundles.jar("dispatcher-bundle"))) {
                        dispatcher.update(jar);
                    }
                }
                dispatcher.start();
            }
            int before = answerer.answered();
            scene.until("answers on one session", answerer::answered, n -> n > before + 100);
            asking.end();
            awaitResponses(asking);

            assertEquals(List.of(), answerer.errors());
            assertTrue(told.isEmpty(), "the driver is not asked");
            assertEquals(Set.of(FREE), spaces.askedFor);
            scene.until("outstanding", () -> view().outstanding(), n -> n == 0);
        }
    }

    private void awaitResponses(Device asking) {
        scene.until("an answer to each", port::responses, all -> all.size() >= 1 + asking.groups());
        assertEquals(1 + asking.groups(), port.responses().size());
    }

    /** An answer to what ended with the former dispatcher is late, as any other. */
    @Test
    void refusesAnswersToWhatEndedWithTheFormerDispatcher() throws Exception {
        scene.configure(Scene.DISPATCHER, Map.of("shutdown.grace.ms", 0));
        Bundle dispatcher = scene.bundle(Scene.DISPATCHER);
        try (GuestClient guest = guest()) {
            ask(1);
            int cookie = guest.await(GuestClient.FAULTS).cookies().get(0);

            dispatcher.stop();
            Frame withdrawn = guest.await(GuestClient.WITHDRAWN);
            assertEquals(
                    List.of(cookie, ANSWERED_BY_THE_PLATFORM),
                    List.of(withdrawn.word(0), withdrawn.word(1)));
            guest.answer(cookie, SUCCESS);
            assertEquals(GuestClient.LATE, guest.await(GuestClient.ERROR).word(0));

            dispatcher.start();
            ask(2);
            guest.answer(guest.await(GuestClient.FAULTS).cookies().get(0), SUCCESS);
            awaitResponses(Response.SUCCESS, Response.SUCCESS);
        }
    }

    /** Nobody can grant a depth then; what was granted before can be taken back. */
    @Test
    void refusesClaimsAndTakesSessionsBackWhileThereIsNoDispatcher() throws Exception {
        Bundle dispatcher = scene.bundle(Scene.DISPATCHER);
        try (GuestClient early = connect()) {
            GuestClient gone = guest();
            dispatcher.stop();
            gone.close();
            early.ask("smmu0", "0x7002", 64);
            Frame refused = early.await(GuestClient.ERROR);
            assertEquals(GuestClient.NOT_READY, refused.word(0), refused::toString);
            scene.until(
                    "its end",
                    () -> scene.service(Guests.class).guests(),
                    all -> all.stream().noneMatch(v -> v.state().equals("connected")));

            try (GuestClient again = connect().resume(gone)) {
                dispatcher.start();
                early.claim("smmu0", "0x7002");
                ask(1);
                again.answer(again.await(GuestClient.FAULTS).cookies().get(0), SUCCESS);
                awaitResponses(Response.SUCCESS);
            }
        }
        assertTrue(told.isEmpty(), "the driver is not asked");
    }

    /** A model of hardware goes on writing; its records wait as in hardware (R15). */
    @Test
    void keepsRawQueuesWhileTheDispatcherIsRestarted() throws Exception {
        Bundle dispatcher = scene.bundle(Scene.DISPATCHER);
        try (GuestClient model = connect().beHardware("raw:smmuv3:evtq", "model2", 64)) {
            dispatcher.stop();
            assertEquals(1, model.records(Smmu.stall(STREAM, 0x5a, 0x2000)));
            dispatcher.start();

            assertResumes(model.await(GuestClient.COMMANDS).payload());
        }
    }

    /** Asks as fast as its groups are answered, at most so many at once. */
    private final class Device extends Thread implements AutoCloseable {
        private static final int MOST = 128;
        private final AtomicInteger groups = new AtomicInteger();
        private volatile boolean ends;

        Device() {
            super("device");
            setDaemon(true);
        }

        @Override
        public void run() {
            int before = port.responses().size();
            while (!ends) {
                int next = groups.get();
                if (next - (port.submitted().size() - before) < MOST
                        && requests.write(
                                Smmu.request(device, PASID, next & 0x1ff, true, 0x1000))) {
                    groups.incrementAndGet();
                } else {
                    LockSupport.parkNanos(this, 50_000); // until there is room or an answer
                }
            }
        }

        int groups() {
            return groups.get();
        }

        void end() throws InterruptedException {
            close();
            join();
        }

        @Override
        public void close() {
            ends = true;
        }
    }

    /** A guest that answers all, or keeps every other group until it is withdrawn. */
    private static final class Answerer extends Thread implements AutoCloseable {
        private final GuestClient guest;
        private final Set<Integer> kept = ConcurrentHashMap.newKeySet();
        private final Queue<String> errors = new ConcurrentLinkedQueue<>();
        private final AtomicInteger answered = new AtomicInteger();
        private volatile boolean keeps;
        private volatile boolean closed;

        Answerer(GuestClient guest) {
            super("answerer");
            this.guest = guest;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                for (Frame frame = guest.read(); frame != null; frame = guest.read()) {
                    took(frame);
                }
                errors.add("the end of the stream");
            } catch (IOException e) {
                if (!closed) {
                    errors.add(e.toString());
                }
            }
        }

        private void took(Frame frame) throws IOException {
            switch (frame.type()) {
                case GuestClient.FAULTS -> {
                    for (int cookie : frame.cookies()) {
                        if (keeps && (cookie & 1) != 0) {
                            kept.add(cookie);
                        } else {
                            guest.answer(cookie, SUCCESS);
                            answered.incrementAndGet();
                        }
                    }
                }
                case GuestClient.WITHDRAWN -> {
                    for (int i = 0; i < frame.count(); i++) {
                        kept.remove(frame.word(2 * i));
                    }
                }
                default -> {
                    // what was on its way to the former dispatcher as that ended
                    if (frame.type() != GuestClient.ERROR || frame.word(0) != GuestClient.LATE) {
                        errors.add(frame.toString());
                    }
                }
            }
        }

        int answered() {
            return answered.get();
        }

        int kept() {
            return kept.size();
        }

        void keep(boolean some) {
            keeps = some;
        }

        List<String> errors() {
            return List.copyOf(errors);
        }

        @Override
        public void close() throws IOException {
            closed = true; // its thread ends with the stream
            guest.close();
        }
    }

    /** Spaces that have every page, and know who was asked for. */
    private static final class Spaces implements AddressSpaces, AddressSpace {
        final Set<Integer> askedFor = ConcurrentHashMap.newKeySet();

        @Override
        public AddressSpace find(Unit unit, int requester, int pasid, int stage) {
            askedFor.add(requester);
            return this;
        }

        @Override
        public String name() {
            return "everything";
        }

        @Override
        public FaultInResult faultIn(long address, Access access) {
            return FaultInResult.RESIDENT;
        }

        @Override
        public FaultInResult probe(long address, Access access) {
            return FaultInResult.RESIDENT;
        }

        @Override
        public boolean mayBlock() {
            return false;
        }
    }

    /** Handover ends: whoever does not come back loses its device. */
    @Test
    void givesTheDeviceUpWhenNoNextVersionComes() throws Exception {
        handover(300);
        try (GuestClient guest = guest()) {
            ask(1);
            guest.await(GuestClient.FAULTS);
            scene.bundle(GUEST).stop();
            awaitResponses(Response.FAILURE);
            scene.bundle(GUEST).start();

            // the dispatcher's handover has ended, the guests' ends a moment later
            scene.until("claim", this::isGranted, Boolean.TRUE::equals);
        }
    }

    private boolean isGranted() {
        try (GuestClient other = connect()) {
            other.ask("smmu0", hex(), 64);
            Frame said = other.read();
            return said != null && said.type() == GuestClient.GRANT;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The client is the IOMMU: it writes a stall, and gets CMD_RESUME (Arm IHI 0070, 4.7). */
    @Test
    void givesAClientThatIsTheHardwareItsCommands() throws Exception {
        try (GuestClient model = connect().beHardware("raw:smmuv3:evtq", "model0", 64)) {
            assertEquals(1, model.records(Smmu.stall(STREAM, 0x5a, 0x2000)));

            assertResumes(model.await(GuestClient.COMMANDS).payload());
        }
        scene.until(
                "unit",
                () -> scene.service(Platform.class).units(),
                units -> units.stream().noneMatch(u -> u.name().equals("model0")));
    }

    /** The same in one process, without a socket. */
    @Test
    void givesAServiceThatIsTheHardwareItsCommands() {
        Queue<byte[]> commands = new ConcurrentLinkedQueue<>();
        try (RawQueue queue =
                scene.service(Guests.class).open("raw:smmuv3:evtq", "model1", 64, commands::add)) {
            byte[] one = HexFormat.of().parseHex(Smmu.hex(Smmu.stall(STREAM, 0x5a, 0x2000)));

            assertEquals(1, queue.write(one));

            scene.until("command", commands::size, n -> n == 1);
            assertResumes(ByteBuffer.wrap(commands.remove()).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    private static void assertResumes(ByteBuffer command) {
        assertEquals(16, command.limit());
        assertEquals(CMD_RESUME, command.getLong(0) & 0xff);
        assertEquals(STREAM, command.getLong(0) >>> 32);
        assertEquals(0x5a, command.getLong(8) & 0xffff, "the stall's tag");
    }
}
