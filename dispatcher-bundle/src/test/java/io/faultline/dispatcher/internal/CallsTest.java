package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.faultline.fault.Response;
import io.faultline.handler.Verdict;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallsTest {
    private static final StackTraceElement PLUGIN = frame("com.example.Plugin", "handle");
    private static final StackTraceElement LANE = frame(QueueLane.class.getName(), "run");

    @ParameterizedTest
    @EnumSource(Calls.What.class)
    void namesWhatWasCalled(Calls.What what) {
        assertEquals(what, inside(PLUGIN, calls(what.method), LANE));
        assertEquals(what, inside(frame("java.lang.Object", "wait"), PLUGIN, calls(what.method)));
    }

    @ParameterizedTest
    @EnumSource(Calls.What.class)
    void hasAMethodOfEachName(Calls.What what) {
        assertNotNull(
                Arrays.stream(Calls.class.getDeclaredMethods())
                        .filter(method -> method.getName().equals(what.method))
                        .findAny()
                        .orElse(null));
    }

    @Test
    void isOutsideBeforeACallAndAfterIt() {
        assertNull(inside(calls("handle"), LANE));
        assertNull(inside(LANE));
        assertNull(inside());
    }

    @Test
    void isOutsideWhereAPluginCallsUs() {
        StackTraceElement call = calls("decode");

        assertNull(inside(frame(LaneSink.class.getName(), "emit"), PLUGIN, call));
        assertNull(inside(frame(LaneContext.class.getName(), "defer"), PLUGIN, call));
    }

    /** A lane's first call initializes the class: so does a watchdog's first look. */
    @Test
    void isOutsideWhileTheClassIsInitialized() {
        assertNull(inside(frame("java.lang.Class", "getName"), calls("<clinit>"), LANE));
    }

    @Test
    void readsTheStackOfARealCall() throws Exception {
        AtomicReference<Calls.What> seen = new AtomicReference<>();

        Calls.handle(
                (fault, context) -> {
                    seen.set(Calls.whatIsInside(Thread.currentThread().getStackTrace()));
                    return Verdict.handled(Response.SUCCESS);
                },
                null,
                null);

        assertEquals(Calls.What.HANDLE, seen.get());
    }

    private static Calls.What inside(StackTraceElement... innermostFirst) {
        return Calls.whatIsInside(innermostFirst);
    }

    private static StackTraceElement calls(String method) {
        return frame(Calls.class.getName(), method);
    }

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, "Any.java", 1);
    }
}
