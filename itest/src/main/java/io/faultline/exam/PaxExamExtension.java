package io.faultline.exam;

import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.OptionUtils;
import org.ops4j.pax.exam.TestContainerException;
import org.ops4j.pax.exam.TestProbeBuilder;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Jupiter's front end for Pax Exam's native container.
 *
 * <p>Jupiter loads the test class from the class path and finds its methods there (the outer
 * class). Pax Exam puts all of target/test-classes into a probe bundle, which has a class of the
 * same name (the inner class). Every call of a test, before or after method is made on the inner
 * class instead. What both sides have to agree on, assertion errors above all, is exported by the
 * framework itself.
 *
 * <p>Arguments cross from one side to the other, so they are of types that both share: the JDK's
 * and Jupiter's. Fields that other extensions set (such as {@code @TempDir}) are set outside only:
 * take parameters instead.
 */
final class PaxExamExtension
        implements BeforeAllCallback, BeforeEachCallback, InvocationInterceptor, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(PaxExamExtension.class);
    private static final String INSTANCE = "instance";
    private static final long SERVICE_TIMEOUT_MILLIS = 5_000;

    private record Exam(ExamSystem system, NativeTestContainer container, Bundle probe)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            stop(system, container);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Class<?> type = context.getRequiredTestClass();
        if (type.getEnclosingClass() != null) {
            throw new IllegalStateException(
                    type.getName() + ": a test in the container is a top-level class");
        }
        ExamSystem system = PaxExamRuntime.createServerSystem(options(type));
        NativeTestContainer container =
                (NativeTestContainer) PaxExamRuntime.createContainer(system);
        try {
            container.start();
            Bundle probe = installProbe(system, container, type);
            context.getStore(NAMESPACE).put(Exam.class, new Exam(system, container, probe));
        } catch (TestContainerException e) {
            String state =
                    container.getSystemBundle() == null
                            ? ""
                            : Diagnosis.of(container.getSystemBundle());
            stop(system, container);
            throw new IllegalStateException(
                    "the container for " + type.getSimpleName() + " did not start\n" + state, e);
        }
    }

    /** Pax Exam itself leaves the framework's storage behind in the folder for temporary files. */
    private static void stop(ExamSystem system, NativeTestContainer container) throws IOException {
        container.stop();
        try (Stream<Path> files = Files.walk(system.getTempFolder().toPath())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Option[] options(Class<?> type) throws ReflectiveOperationException {
        List<Option> options = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Configuration.class)) {
                if (!Modifier.isStatic(method.getModifiers())) {
                    throw new IllegalStateException(
                            "@Configuration " + method + " has to be static");
                }
                method.setAccessible(true);
                options.addAll(Arrays.asList((Option[]) method.invoke(null)));
            }
        }
        return OptionUtils.combine(
                options.toArray(Option[]::new),
                systemPackages(
                        "org.junit.jupiter.api",
                        "org.junit.jupiter.api.function",
                        "org.junit.jupiter.api.io",
                        "org.junit.jupiter.params",
                        "org.junit.jupiter.params.provider",
                        "org.opentest4j",
                        "org.ops4j.pax.exam",
                        PaxExamExtension.class.getPackageName()));
    }

    private static Bundle installProbe(
            ExamSystem system, NativeTestContainer container, Class<?> type) throws IOException {
        TestProbeBuilder builder = system.createProbe();
        builder.addTest(type);
        long id = container.installProbe(builder.build().getStream());
        return container.getSystemBundle().getBundleContext().getBundle(id);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        Class<?> inner = inner(context);
        Constructor<?> constructor = inner.getDeclaredConstructor();
        constructor.setAccessible(true);
        context.getStore(NAMESPACE).put(INSTANCE, constructor.newInstance());
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<Void> outer,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        redirect(outer, call, context);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> outer,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        redirect(outer, call, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> outer,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        redirect(outer, call, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> outer,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        redirect(outer, call, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> outer,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        redirect(outer, call, context);
    }

    @Override
    public void interceptAfterAllMethod(
            Invocation<Void> outer,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        redirect(outer, call, context);
    }

    private static void redirect(
            Invocation<Void> outer,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        outer.skip();
        Method method = twin(call.getExecutable(), inner(context));
        Object[] arguments = arguments(call, method, exam(context).probe());

        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(method.getDeclaringClass().getClassLoader());
        try {
            // the store of a test sees the store of its class, which has no instance: static
            // methods need none
            method.invoke(context.getStore(NAMESPACE).get(INSTANCE), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "arguments "
                            + Arrays.toString(arguments)
                            + " do not fit "
                            + method
                            + ": only types of the JDK and of Jupiter are the same on both sides",
                    e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Class<?> inner(ExtensionContext context) throws ClassNotFoundException {
        return exam(context).probe().loadClass(context.getRequiredTestClass().getName());
    }

    /** The same method in the class of the probe, or in one of its superclasses. */
    private static Method twin(Method outer, Class<?> inner) {
        for (Class<?> c = inner; c != null; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                if (method.toGenericString().equals(outer.toGenericString())) {
                    method.setAccessible(true);
                    return method;
                }
            }
        }
        throw new IllegalStateException(
                outer + " is not in the probe: is " + inner.getName() + " compiled anew?");
    }

    private static Object[] arguments(
            ReflectiveInvocationContext<Method> call, Method inner, Bundle probe)
            throws InterruptedException {
        Object[] arguments = call.getArguments().toArray();
        Parameter[] outer = call.getExecutable().getParameters();
        for (int i = 0; i < arguments.length; i++) {
            if (outer[i].getType() == BundleContext.class) {
                arguments[i] = probe.getBundleContext();
            } else if (outer[i].isAnnotationPresent(Service.class)) {
                arguments[i] = service(probe, inner.getParameterTypes()[i]);
            }
        }
        return arguments;
    }

    /**
     * Held until the probe stops: a service that is made for each bundle, as Configuration Admin
     * is, dies when the last user of that bundle lets go.
     */
    private static Object service(Bundle probe, Class<?> type) throws InterruptedException {
        ServiceTracker<Object, Object> tracker =
                new ServiceTracker<>(probe.getBundleContext(), type.getName(), null);
        tracker.open();
        try {
            Object service = tracker.waitForService(SERVICE_TIMEOUT_MILLIS);
            if (service == null) {
                throw new AssertionError(
                        "no service "
                                + type.getName()
                                + " within "
                                + SERVICE_TIMEOUT_MILLIS
                                + " ms\n"
                                + Diagnosis.of(probe));
            }
            return probe.getBundleContext().getService(tracker.getServiceReference());
        } finally {
            tracker.close();
        }
    }

    private static Exam exam(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(Exam.class, Exam.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == BundleContext.class
                || parameter.isAnnotated(Service.class);
    }

    /** Filled in on the other side, where the type is the one that the probe sees. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return null;
    }
}
