package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What must not creep into the way of a fault from its record to its outcome: more than the one
 * object that it is, and locks.
 */
class HotPathTest {
    private static final int RECORDS = 1024;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 4;
    private static final Origin ORIGIN =
            new Origin(new Unit("fake", "unit0"), "q", 1, TimeBase.BOOT, false);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A record, and the object that it becomes. */
    private enum What {
        UNRECOVERABLE,
        PAGE_REQUEST;

        Fault make() {
            return this == UNRECOVERABLE ? unrecoverable() : group();
        }

        void write(FakeUnit unit, int i) {
            if (this == UNRECOVERABLE) {
                unit.unrecoverable(i % 16, 0x1000L * i);
            } else {
                unit.page(i % 16, 1 + i % 3, i & 0x1ff, 0x1000L * i, true);
            }
        }
    }

    private static Fault unrecoverable() {
        return Faults.unrecoverable(
                ORIGIN, null, 0, 1, 4, Reason.UNKNOWN, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0);
    }

    private static PageRequestGroup group() {
        return Faults.group(
                ORIGIN,
                null,
                0,
                1,
                4,
                Reason.UNKNOWN,
                -1,
                FaultBits.LAST,
                1,
                1,
                1,
                1,
                0,
                0,
                0,
                0,
                0,
                null);
    }

    @ParameterizedTest
    @EnumSource(What.class)
    void allocatesOneObjectForAFault(What what) {
        FakeUnit unit = new FakeUnit("unit0", RECORDS);
        Lane lane = lane(unit);
        for (int i = 0; i < WARM_UP; i++) {
            allocated(what, unit, lane);
        }

        // What grows once, as a histogram does at the first slow call, is no part of a fault's way.
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            bytes = Math.min(bytes, allocated(what, unit, lane));
        }

        assertEquals(RECORDS * bytesOf(what), bytes);
    }

    private long allocated(What what, FakeUnit unit, Lane lane) {
        for (int i = 0; i < RECORDS; i++) {
            what.write(unit, i);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        int done = 1;
        while (done > 0) {
            done = lane.stepByHand();
        }
        long after = threads.getCurrentThreadAllocatedBytes();
        assertEquals(0, unit.ring.available());
        return after - before;
    }

    private long bytesOf(What what) {
        Fault[] kept = new Fault[RECORDS];
        long bytes = 0;
        for (int i = 0; i < RECORDS; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            kept[i] = what.make();
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(1, kept[RECORDS - 1].sequence());
        return bytes;
    }

    /** A chain of three with counters, device rows and last faults, as it ships. */
    private static Lane lane(FakeUnit unit) {
        Dispatcher dispatcher =
                Dispatcher.stepped(
                        Settings.DEFAULTS,
                        System::nanoTime,
                        message -> {
                            throw new IllegalStateException(message);
                        });
        dispatcher.addDecoder(
                new FakeUnit.Decoder(), Source.named("decoder", 1), FakeUnit.DECODER_PROPERTIES);
        dispatcher.addEncoder(
                new FakeUnit.Encoder(), Source.named("encoder", 2), FakeUnit.ENCODER_PROPERTIES);
        Verdict answered = Verdict.handled(Response.SUCCESS);
        List<FaultHandler> chain =
                List.of(
                        (fault, context) -> Verdict.PASSED,
                        (fault, context) -> Verdict.PASSED,
                        (fault, context) ->
                                fault instanceof PageRequestGroup ? answered : Verdict.HANDLED);
        for (int i = 0; i < chain.size(); i++) {
            dispatcher.addHandler(
                    chain.get(i),
                    Source.named("handler " + i, 10 + i),
                    Map.of(Handles.KINDS, new String[] {"unrecoverable", "page_request"}));
        }
        dispatcher.addUnit(new Silent(unit), Source.named("unit0", 20));
        return dispatcher.lanes().get(0);
    }

    /** The fake unit with a port that keeps nothing. */
    private record Silent(FakeUnit fake) implements HardwareUnit {
        private static final CommandPort PORT = command -> true;

        @Override
        public Unit unit() {
            return fake.unit();
        }

        @Override
        public List<RecordQueue> queues() {
            return fake.queues();
        }

        @Override
        public CommandPort port() {
            return PORT;
        }
    }

    /** The classes whose code runs for each fault, whole. */
    static Stream<Class<?>> perFault() {
        return Stream.of(
                Answers.class,
                CallGuard.class,
                Calls.class,
                Count.class,
                DeviceRow.class,
                DeviceRows.class,
                DueHeap.class,
                DueQueue.class,
                Groups.class,
                HandlerEntry.class,
                Inbox.class,
                Kinds.class,
                Lane.class,
                LaneChain.class,
                LaneContext.class,
                LaneEpoch.class,
                LaneSink.class,
                LastFaults.class,
                Offers.class,
                Outstanding.class,
                PartialGroups.class,
                Post.class,
                QueueLane.class,
                Ranges.class,
                Snapshot.class,
                Tally.class,
                TapRing.class,
                UnitState.class,
                Waiting.class);
    }

    @ParameterizedTest
    @MethodSource("perFault")
    void takesNoLock(Class<?> type) throws IOException {
        assertEquals(List.of(), locksOf(type.getName()));
    }

    @Test
    void seesLocks() {
        assertEquals(
                List.of("monitor in whole", "monitor in within"), locksOf(Locking.class.getName()));
    }

    /** What the test above would find. */
    @SuppressWarnings("unused")
    private static final class Locking {
        synchronized void whole() {}

        int within() {
            synchronized (this) {
                return 1;
            }
        }
    }

    private static List<String> locksOf(String type) {
        Set<String> found = new TreeSet<>();
        String file = "/" + type.replace('.', '/') + ".class";
        try (InputStream in = HotPathTest.class.getResourceAsStream(file)) {
            new ClassReader(in).accept(new Finder(found), ClassReader.SKIP_DEBUG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(found);
    }

    private static final class Finder extends ClassVisitor {
        private static final String LOCKS = "java/util/concurrent/locks/";
        private final Set<String> found;

        Finder(Set<String> found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String type, String signature, String[] exceptions) {
            if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
                found.add("monitor in " + method);
            }
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitInsn(int opcode) {
                    if (opcode == Opcodes.MONITORENTER) {
                        found.add("monitor in " + method);
                    }
                }

                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String name, String type, boolean anInterface) {
                    // to park a thread is what an idle lane does
                    if (owner.startsWith(LOCKS) && !owner.equals(LOCKS + "LockSupport")) {
                        found.add(owner + "." + name + " in " + method);
                    }
                }
            };
        }
    }
}
