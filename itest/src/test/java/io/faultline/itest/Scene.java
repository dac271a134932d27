package io.faultline.itest;

import io.faultline.exam.Await;
import io.faultline.exam.Bundles;
import io.faultline.exam.Diagnosis;
import io.faultline.exam.HotBundle;
import io.faultline.fault.Unit;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.hardware.HardwareUnit;
import io.faultline.platform.Counts;
import io.faultline.platform.HandlerView;
import io.faultline.platform.Platform;
import io.faultline.platform.UnitView;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.log.LogReaderService;

/** What one test brings into the framework. All of it leaves at its end, the newest first. */
final class Scene implements AutoCloseable {
    static final String DISPATCHER = "io.faultline.dispatcher";
    static final String SMMUV3 = "io.faultline.smmuv3";

    private interface Undo {
        void undo() throws BundleException, IOException;
    }

    private final BundleContext context;
    private final Deque<Undo> undo = new ArrayDeque<>();
    private final Heard heard;

    Scene(BundleContext context) {
        this.context = context;
        this.heard = new Heard(service(LogReaderService.class));
        undo.push(heard::close);
    }

    // --- what comes

    <S> ServiceRegistration<S> register(Class<S> type, S service, Map<String, ?> properties) {
        ServiceRegistration<S> registration =
                context.registerService(type, service, FrameworkUtil.asDictionary(properties));
        undo.push(() -> unregister(registration));
        return registration;
    }

    static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // the test has done it
        }
    }

    /** A handler of unrecoverable faults, registered by hand. */
    ServiceRegistration<FaultHandler> handler(String name, int ranking, FaultHandler handler) {
        return register(FaultHandler.class, handler, properties(name, ranking));
    }

    static Map<String, Object> properties(String name, int ranking) {
        return Map.of(
                Handles.NAME, name,
                Handles.KINDS, "unrecoverable",
                Constants.SERVICE_RANKING, ranking);
    }

    /** An SMMUv3 whose queues a test writes. */
    RecordingUnit smmu(String name, RecordingQueue... queues) {
        RecordingUnit unit = new RecordingUnit(new Unit("smmuv3", name), queues);
        plug(unit);
        return unit;
    }

    ServiceRegistration<HardwareUnit> plug(HardwareUnit unit) {
        return register(HardwareUnit.class, unit, Map.of());
    }

    Bundle install(HotBundle hot, String name) throws BundleException {
        return leaving(context.installBundle("hot:" + name, hot.open()));
    }

    /** Installs and starts a bundle that ships. */
    Bundle drop(String room) throws BundleException {
        Bundle bundle = leaving(context.installBundle(Bundles.jar(room).toURI().toString()));
        bundle.start();
        return bundle;
    }

    private Bundle leaving(Bundle bundle) {
        undo.push(
                () -> {
                    if (bundle.getState() != Bundle.UNINSTALLED) {
                        bundle.uninstall();
                    }
                });
        return bundle;
    }

    /** A bundle of one package of the tests, {@code io.faultline.itest.<name>}. */
    static HotBundle hot(String name) {
        return HotBundle.of("hot." + name, Scene.class.getPackageName() + "." + name);
    }

    /** Installs and starts it. */
    Bundle start(String name) throws BundleException {
        Bundle bundle = install(hot(name), name);
        bundle.start();
        return bundle;
    }

    /**
     * Makes or changes the configuration of a component; it is emptied at the end. The component
     * runtime loses one that is deleted and made anew at once.
     */
    Configuration configure(String pid, Map<String, ?> properties) throws IOException {
        Configuration configuration = configurationAdmin().getConfiguration(pid, "?");
        undo.push(() -> configuration.update(FrameworkUtil.asDictionary(Map.of())));
        configuration.update(FrameworkUtil.asDictionary(properties));
        return configuration;
    }

    /** One more configuration of a component. */
    Configuration configureOneMore(String factoryPid, Map<String, ?> properties)
            throws IOException {
        Configuration configuration =
                configurationAdmin().createFactoryConfiguration(factoryPid, "?");
        undo.push(configuration::delete);
        configuration.update(FrameworkUtil.asDictionary(properties));
        return configuration;
    }

    private ConfigurationAdmin configurationAdmin() {
        return service(ConfigurationAdmin.class);
    }

    // --- what is there

    BundleContext context() {
        return context;
    }

    /** A bundle that ships. */
    Bundle bundle(String symbolicName) {
        return Stream.of(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(symbolicName + " is not installed"));
    }

    <S> S service(Class<S> type) {
        return context.getService(reference(type));
    }

    <S> ServiceReference<S> reference(Class<S> type) {
        ServiceReference<S> reference = context.getServiceReference(type);
        if (reference == null) {
            throw new AssertionError("no service " + type.getName() + "\n" + diagnosis());
        }
        return reference;
    }

    String diagnosis() {
        return Diagnosis.of(context.getBundle()) + "\nlog: " + heard;
    }

    /** Waits until a bundle of ours has logged a message with all these parts. */
    String awaitMessage(String... parts) {
        return until("log", () -> heard.find(parts), Objects::nonNull);
    }

    List<String> messages() {
        return heard.messages();
    }

    String setting(String key) {
        return service(Platform.class).settings().get(key);
    }

    List<String> health() {
        return service(Platform.class).health();
    }

    /** The names in the chain, in its order. */
    List<String> chain() {
        return handlers().stream()
                .filter(view -> view.state().equals("active"))
                .map(HandlerView::name)
                .toList();
    }

    List<HandlerView> handlers() {
        return service(Platform.class).handlers();
    }

    HandlerView handler(String name) {
        return handlers().stream()
                .filter(view -> view.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + handlers()));
    }

    UnitView unit(String name) {
        return find(name)
                .orElseThrow(() -> new AssertionError("no unit " + name + "\n" + diagnosis()));
    }

    private Optional<UnitView> find(String unit) {
        return service(Platform.class).units().stream()
                .filter(view -> view.name().equals(unit))
                .findFirst();
    }

    Counts counts(String unit) {
        return unit(unit).counts();
    }

    /** Waits for a unit that may not be there yet. */
    Counts awaitCounts(String unit, Predicate<Counts> holds) {
        return until(
                        "counts of " + unit,
                        () -> find(unit).map(UnitView::counts),
                        counts -> counts.filter(holds).isPresent())
                .orElseThrow();
    }

    /** Waits until so many groups and faults of a unit are complete, and have come to something. */
    Counts awaitEnded(String unit, long completed) {
        return awaitCounts(unit, c -> c.completed() == completed && Sums.ended(c) == completed);
    }

    /** Waits; when it was in vain, says what is wrong in the framework. */
    <T> T until(String what, Supplier<T> value, Predicate<? super T> holds) {
        try {
            return Await.until(what, value, holds);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + diagnosis(), e);
        }
    }

    @Override
    public void close() throws BundleException, IOException {
        while (!undo.isEmpty()) {
            undo.pop().undo();
        }
    }
}
