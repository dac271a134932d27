package io.faultline.kernellog.internal;

import io.faultline.log.LineSink;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/** A sink that keeps what it is told, in order, to tell it to another one later. */
final class RecordedReports {
    /** A session's last words are few; a decoder that goes on and on is cut off (R16). */
    private static final int LIMIT = 1024;

    private final List<Consumer<LineSink>> calls;

    /**
     * @param calls takes the calls
     */
    RecordedReports(List<Consumer<LineSink>> calls) {
        this.calls = calls;
    }

    LineSink sink() {
        return (LineSink)
                Proxy.newProxyInstance(
                        LineSink.class.getClassLoader(),
                        new Class<?>[] {LineSink.class},
                        (proxy, method, arguments) -> record(proxy, method, arguments));
    }

    private Object record(Object proxy, Method method, Object[] arguments) {
        if (calls.size() < LIMIT) {
            calls.add(sink -> repeat(sink, method, arguments));
        }
        return method.getReturnType() == void.class ? null : proxy;
    }

    private static void repeat(LineSink sink, Method method, Object[] arguments) {
        try {
            method.invoke(sink, arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(method + " of the sink failed", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
