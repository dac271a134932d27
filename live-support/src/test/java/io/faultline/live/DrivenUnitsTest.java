package io.faultline.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareWindow;
import io.faultline.hardware.RecordQueue;
import io.faultline.testkit.FakeWindow;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class DrivenUnitsTest {
    private static final Logger LOGGER = Logger.getLogger("io.faultline.drivenunitstest");

    private final FakeWindow window = new FakeWindow("drivenunitstest", 16, 16);

    /** What happens, in order. */
    private final List<String> events = new ArrayList<>();

    private final DrivenUnits units = new DrivenUnits(context(), "drivenunitstest", this::open);
    private final Handler handler = new Listening();
    private RuntimeException openFails;
    private RuntimeException registerFails;
    private RuntimeException closeFails;
    private Consumer<String> log;

    @BeforeEach
    void listen() {
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }

    @Test
    void registersAUnitAsLongAsItsWindowIsThere() {
        units.add(window);
        assertEquals(
                List.of(
                        "open",
                        "register HardwareUnit faultline.arch=drivenunitstest"
                                + " faultline.name=fake0"),
                events);
        events.clear();

        units.remove(window);

        assertEquals(List.of("unregister", "close"), events, "answers still reach the hardware");
    }

    @Test
    void drivesAWindowAnewThatComesBack() {
        units.add(window);
        units.remove(window);
        events.clear();

        units.add(window);
        units.remove(window);

        assertEquals(4, events.size());
    }

    @Test
    void leavesWindowsOfOtherArchitecturesAlone() {
        FakeWindow other = new FakeWindow("other", 16, 16);

        units.add(other);
        units.remove(other);

        assertEquals(List.of(), events);
    }

    @Test
    void removesNoUnitForAWindowThatItDoesNotKnow() {
        units.add(window);
        events.clear();

        units.remove(new FakeWindow("drivenunitstest", 16, 16));

        assertEquals(List.of(), events);
    }

    @Test
    void saysWhyAWindowIsNotDriven() {
        openFails = new IllegalStateException("cmdq is not enabled");
        units.add(window);
        openFails = new IllegalArgumentException("poll.us=x is out of range");
        units.add(window);
        units.remove(window);

        assertEquals(
                List.of(
                        "open",
                        "WARNING fake0: not driven: cmdq is not enabled",
                        "open",
                        "WARNING fake0: not driven: poll.us=x is out of range"),
                events);
    }

    /** A bundle that stops while a window comes must not leave the hardware in its care. */
    @Test
    void letsGoOfAUnitThatCannotBeRegistered() {
        registerFails = new IllegalStateException("Invalid BundleContext.");

        units.add(window);
        units.remove(window);

        assertEquals(
                List.of("open", "close", "WARNING fake0: not driven: Invalid BundleContext."),
                events);
    }

    @Test
    void saysWhyAUnitWasNotLeftInOrder() {
        units.add(window);
        events.clear();
        closeFails = new IllegalStateException("register 0x24 is stuck");

        units.remove(window);
        units.remove(window);

        assertEquals(
                List.of(
                        "unregister",
                        "close",
                        "WARNING fake0: not left in order: register 0x24 is stuck"),
                events);
    }

    @Test
    void passesOnWhatAUnitHasToSay() {
        units.add(window);
        events.clear();

        log.accept("fake0: stopped");

        assertEquals(List.of("WARNING fake0: stopped"), events);
    }

    private DrivenUnit open(HardwareWindow onto, Consumer<String> says) {
        happen("open", openFails);
        log = says;
        return new Driven(onto.name());
    }

    private void happen(String event, RuntimeException failure) {
        events.add(event);
        if (failure != null) {
            throw failure;
        }
    }

    private BundleContext context() {
        return proxy(
                BundleContext.class,
                arguments -> {
                    if (registerFails != null) {
                        throw registerFails;
                    }
                    Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
                    events.add(
                            "register %s faultline.arch=%s faultline.name=%s"
                                    .formatted(
                                            ((Class<?>) arguments[0]).getSimpleName(),
                                            properties.get("faultline.arch"),
                                            properties.get("faultline.name")));
                    return proxy(
                            ServiceRegistration.class,
                            none -> {
                                events.add("unregister");
                                return null;
                            });
                });
    }

    private interface Answer {
        Object to(Object[] arguments);
    }

    /** Of each type only one method is called. */
    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> answer.to(arguments)));
    }

    private final class Driven implements DrivenUnit {
        private final Unit unit;

        Driven(String name) {
            this.unit = new Unit("drivenunitstest", name);
        }

        @Override
        public Unit unit() {
            return unit;
        }

        @Override
        public List<RecordQueue> queues() {
            return List.of();
        }

        @Override
        public CommandPort port() {
            return null;
        }

        @Override
        public void close() {
            happen("close", closeFails);
        }
    }

    private final class Listening extends Handler {
        @Override
        public void publish(LogRecord record) {
            events.add(record.getLevel() + " " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
