package io.faultline.iopf.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.mm.AddressSpaces;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.SteppedLane;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private static final String PACKAGE = "io.faultline.iopf.internal.";

    private final FakeSpaces spaces = new FakeSpaces();
    private final List<String> problems = new ArrayList<>();

    /** Loads io-pgfault again, as a framework does for an update. */
    private static final class Fresh extends ClassLoader {
        final Set<String> loaded = new ConcurrentSkipListSet<>();

        Fresh() {
            super(RehearsalTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> present = findLoadedClass(name);
                if (present != null || !name.startsWith(PACKAGE)) {
                    return present != null ? present : super.loadClass(name, resolve);
                }
                loaded.add(name.substring(PACKAGE.length()));
                byte[] code = read(name.replace('.', '/') + ".class");
                return defineClass(name, code, 0, code.length);
            }
        }

        private byte[] read(String resource) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(resource)) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(resource, e);
            }
        }
    }

    private static PageRequestGroup group(long address) {
        FaultBuilder asks = new FaultBuilder().unit("fake", "u0").requester(0x100).pasid(7);
        return asks.iova(address).access(Access.READ).pageRequests(1);
    }

    /** The classes that the first groups load after the handler has begun to serve. */
    private Set<String> loadedWhileServing(int rehearsalMillis) throws Exception {
        Fresh loader = new Fresh();
        Class<?> type = loader.loadClass(IoPgfault.class.getName());
        Constructor<?> constructor = type.getDeclaredConstructor(Map.class, Consumer.class);
        Method bind = type.getDeclaredMethod("bindSpaces", AddressSpaces.class, Map.class);
        Method close = type.getDeclaredMethod("close");
        for (var member : List.of(constructor, bind, close)) {
            member.setAccessible(true);
        }
        Consumer<String> log = problems::add;
        Map<String, Integer> settings = Map.of("workers", 1, "rehearsal.ms", rehearsalMillis);
        FaultHandler handler = (FaultHandler) constructor.newInstance(settings, log);
        bind.invoke(handler, spaces, Map.of("service.id", 1L));
        loader.loaded.clear();
        try (SteppedLane lane = new SteppedLane()) {
            lane.add(handler, Map.of(Handles.NAME, IoPgfault.NAME, Handles.KINDS, "page_request"));
            lane.offer(group(0x2000));
            lane.offer(group(0x3000));
            assertEquals(List.of(Response.SUCCESS, Response.SUCCESS), lane.responses());
            spaces.blocks = true;
            lane.offer(group(0x4000));
            while (lane.responses().size() < 3) {
                lane.step();
                Thread.onSpinWait();
            }
        } finally {
            spaces.blocks = false;
            close.invoke(handler);
        }
        return loader.loaded;
    }

    @Test
    void leavesNoClassToBeLoadedOnALane() throws Exception {
        assertTrue(loadedWhileServing(0).contains("Cause"));

        assertEquals(Set.of(), loadedWhileServing(1000));
        assertEquals(List.of(), problems);
    }

    @Test
    void leavesNothingBehind() {
        IoPgfault handler = new IoPgfault(Map.of("workers", 1), problems::add);
        try {
            assertEquals(0, handler.statistics().totals().get("groups"));
            assertEquals(List.of(), handler.statistics().rows());
            assertEquals(0, handler.statistics().times().getTotalCount());
            assertEquals(1, workers());
            assertEquals(List.of(), problems);
        } finally {
            handler.close();
        }
        assertEquals(0, workers());
    }

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(IoPgfault.NAME))
                .count();
    }

    @Test
    void callsTooSeldomForTheSecondCompiler() {
        int calls = Rehearsal.lasting(1000);

        assertTrue(calls > 200, "the first compiler's threshold");
        assertTrue(calls < 5000, "the second's");
    }

    @Test
    void isLeftOutWhereItIsNotWanted() {
        assertEquals(0, Rehearsal.lasting(0));
    }
}
