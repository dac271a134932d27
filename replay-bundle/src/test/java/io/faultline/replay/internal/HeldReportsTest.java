package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.log.LineSink;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeldReportsTest {
    private final List<String> calls = new ArrayList<>();
    private final LineSink out =
            (LineSink)
                    Proxy.newProxyInstance(
                            LineSink.class.getClassLoader(),
                            new Class<?>[] {LineSink.class},
                            (proxy, method, arguments) -> {
                                calls.add(call(method, arguments));
                                return method.getReturnType() == LineSink.class ? proxy : null;
                            });

    static List<Method> everyReport() {
        return Arrays.stream(LineSink.class.getMethods())
                .filter(method -> method.getReturnType() == void.class)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("everyReport")
    void passesEachReportOnWithEachArgument(Method report) throws ReflectiveOperationException {
        HeldReports held = new HeldReports();
        Object[] arguments = distinct(report);
        held.sink().queue("evtq").words(4).truncated();

        invoke(held, report, arguments);
        assertEquals(List.of(), calls);
        held.tell(out);

        assertEquals(
                List.of("queue[evtq]", "words[4]", "truncated[]", call(report, arguments)), calls);
        assertTrue(held.isEmpty());
    }

    private static void invoke(HeldReports held, Method report, Object[] arguments)
            throws ReflectiveOperationException {
        try {
            report.invoke(held.sink(), arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError(report.getName(), e.getCause());
        }
    }

    private static String call(Method method, Object[] arguments) {
        return method.getName() + Arrays.toString(arguments == null ? new Object[0] : arguments);
    }

    /** Arguments that differ, so that two that were exchanged are noticed. */
    private static Object[] distinct(Method method) {
        Class<?>[] types = method.getParameterTypes();
        Object[] values = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            if (types[i] == int.class) {
                values[i] = i + 1;
            } else if (types[i] == long.class) {
                values[i] = i + 1L;
            } else if (types[i] == String.class) {
                values[i] = "text " + i;
            }
        }
        return values;
    }
}
