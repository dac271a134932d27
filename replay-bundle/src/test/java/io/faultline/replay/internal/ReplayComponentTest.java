package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.faultline.hardware.Decodes;
import io.faultline.hardware.RecordQueue;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.Logger;

/** Called as DS calls it; what it registers is kept here. */
class ReplayComponentTest {
    private static final Map<String, Object> OF_THE_DUMP =
            Map.of(Decodes.ARCH, "test", Decodes.QUEUE, "queue");

    private final FakeDecoder decoder = new FakeDecoder(1, false);
    private final List<Object> registered = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private Map<String, Object> properties;

    @BeforeEach
    void writeDump(@TempDir Path folder) throws IOException {
        Path dump = Files.writeString(folder.resolve("board.txt"), "# test:queue\n01\n02\n");
        properties = Map.of("file", dump.toString());
    }

    private ReplayComponent start() throws IOException {
        Logger log = proxy(Logger.class, (method, arguments) -> logged.add((String) arguments[0]));
        ReplayComponent component =
                new ReplayComponent(
                        bundle(), new ResponseFiles(log), new PlayedCommand(), log, properties);
        component.start();
        return component;
    }

    private BundleContext bundle() {
        return proxy(
                BundleContext.class,
                (method, arguments) ->
                        switch (method) {
                            case "getServiceReferences" -> List.of();
                            case "registerService" -> register(arguments[1]);
                            default -> throw new AssertionError(method);
                        });
    }

    private Object register(Object service) {
        registered.add(service);
        return proxy(ServiceRegistration.class, (method, arguments) -> registered.remove(service));
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    /** Whatever a void method is answered is left aside. */
    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            Object result = answer.to(method.getName(), arguments);
                            return method.getReturnType() == void.class ? null : result;
                        }));
    }

    @Test
    void playsOnceItsDecoderIsThereAndUntilItIsStopped() throws IOException {
        ReplayComponent component = start();
        assertEquals(List.of("{}: waits for {}"), logged);

        component.bindDecoder(decoder, OF_THE_DUMP);
        assertEquals(1, registered.size());
        component.unbindDecoder(decoder);
        assertEquals(1, registered.size(), "its records wait for the next one");

        component.close();
        assertEquals(List.of(), registered);
    }

    /** R7: with the next dispatcher it goes on. */
    @Test
    void playsAsLongAsALaneIsThere() throws IOException {
        ReplayComponent component = start();
        component.bindDecoder(decoder, OF_THE_DUMP);
        RecordQueue queue = ((DumpUnit) registered.get(0)).queues().get(0);
        assertFalse(queue.listen(() -> {}), "it wakes nobody");
        assertEquals(2, queue.available());
        queue.consumed(1);

        queue.listen(null);
        assertEquals(0, queue.available());

        queue.listen(() -> {});
        assertEquals(1, queue.available());
    }

    /** DS lets services go after that, and takes in those that come meanwhile. */
    @Test
    void playsNothingMoreWhenItIsStopped() throws IOException {
        ReplayComponent component = start();
        component.bindDecoder(decoder, OF_THE_DUMP);
        component.close();

        component.bindDecoder(new FakeDecoder(1, true), OF_THE_DUMP);
        component.unbindDecoder(decoder);
        component.bindScanner((name, in) -> null);

        assertEquals(List.of(), registered);
    }
}
