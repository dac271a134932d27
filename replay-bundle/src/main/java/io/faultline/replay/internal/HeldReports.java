package io.faultline.replay.internal;

import io.faultline.fault.TimeBase;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps what a log says until its time has come. Calls are kept as they were made, so that each
 * report meets the same {@code at}, {@code unit}, ... as it did here. Used at the speed of a
 * recording, where a call by reflection costs nobody anything.
 *
 * <p>Holds what the lines read at once say: a report or a few. Keys of what is no fault are passed
 * over, as they may not be read later; no lane shows them.
 */
final class HeldReports {
    /** A report behind the calls that describe it. */
    private record Held(List<Consumer<LineSink>> calls, long time, TimeBase timeBase) {}

    private final LineSink sink =
            (LineSink)
                    Proxy.newProxyInstance(
                            LineSink.class.getClassLoader(),
                            new Class<?>[] {LineSink.class},
                            (proxy, method, arguments) -> keep(proxy, method, arguments));

    private final Deque<Held> reports = new ArrayDeque<>();
    private List<Consumer<LineSink>> calls = new ArrayList<>();
    private LogLine line;

    /** What a log is to be read into. */
    LineSink sink() {
        return sink;
    }

    private Object keep(Object proxy, Method method, Object[] arguments) {
        if (method.getName().equals("keys")) {
            return proxy;
        }
        calls.add(out -> repeat(out, method, arguments));
        if (method.getReturnType() == LineSink.class) {
            line = method.getName().equals("at") ? (LogLine) arguments[0] : line;
            return proxy;
        }
        reports.add(
                line == null
                        ? new Held(calls, 0, TimeBase.NONE)
                        : new Held(calls, line.time(), line.timeBase()));
        calls = new ArrayList<>();
        return null;
    }

    private static void repeat(LineSink out, Method method, Object[] arguments) {
        try {
            method.invoke(out, arguments);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // an interface has public methods only
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(method + " of the sink failed", e.getCause());
        }
    }

    boolean isEmpty() {
        return reports.isEmpty();
    }

    /** Whether the log says when the oldest report was made. */
    boolean hasTime() {
        return reports.getFirst().timeBase() != TimeBase.NONE;
    }

    /** When the oldest report was made: nanoseconds of the log. */
    long time() {
        return reports.getFirst().time();
    }

    /** Passes the oldest report on. */
    void tell(LineSink out) {
        reports.removeFirst().calls().forEach(call -> call.accept(out));
    }
}
