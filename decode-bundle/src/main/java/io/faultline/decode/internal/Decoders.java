package io.faultline.decode.internal;

import io.faultline.hardware.Decodes;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The decoders and encoders that are installed, by the words that the options name them with. */
@Component(service = Decoders.class)
public final class Decoders {
    /**
     * One service, with what it had as it came. It is made when it is first asked for: a log needs
     * few of them.
     */
    private static final class Installed<T> {
        private final BundleContext context;
        private final ServiceReference<T> reference;
        private final String arch;
        private final String queue;
        private final int ranking;
        private T service;

        Installed(BundleContext context, ServiceReference<T> reference) {
            this.context = context;
            this.reference = reference;
            this.arch = String.valueOf(reference.getProperty(Decodes.ARCH));
            this.queue = String.valueOf(reference.getProperty(Decodes.QUEUE));
            this.ranking =
                    reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer number
                            ? number
                            : 0;
        }

        /** The service, or null if it cannot be made. */
        synchronized T service() {
            if (service == null) {
                service = context.getService(reference);
            }
            return service;
        }

        synchronized void leaves() {
            if (service != null) {
                service = null;
                context.ungetService(reference);
            }
        }

        String arch() {
            return arch;
        }

        String name() {
            return arch + ":" + queue;
        }

        int ranking() {
            return ranking;
        }

        long id() {
            return (Long) reference.getProperty(Constants.SERVICE_ID);
        }

        String bundle() {
            Bundle bundle = reference.getBundle();
            return bundle == null ? "-" : bundle.getSymbolicName();
        }
    }

    /** Of two services for the same records the higher ranking counts, then the older one. */
    private static final Comparator<Installed<?>> PREFERENCE =
            Comparator.<Installed<?>>comparingInt(Installed::ranking)
                    .reversed()
                    .thenComparingLong(Installed::id);

    private final Map<ServiceReference<?>, Installed<RecordDecoder>> decoders =
            new ConcurrentHashMap<>();
    private final Map<ServiceReference<?>, Installed<ResponseEncoder>> encoders =
            new ConcurrentHashMap<>();

    /** Who brings what is not installed yet, by {@code arch:queue} and by {@code arch}. */
    private final Map<String, Runnable> expected = new ConcurrentHashMap<>();

    private final BundleContext context;
    private final ServiceComponentRuntime components;

    /** Called by the component runtime. */
    @Activate
    public Decoders(BundleContext context, @Reference ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindDecoder")
    void bindDecoder(ServiceReference<RecordDecoder> reference) {
        decoders.put(reference, new Installed<>(context, reference));
    }

    void unbindDecoder(ServiceReference<RecordDecoder> reference) {
        leaves(decoders.remove(reference));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindEncoder")
    void bindEncoder(ServiceReference<ResponseEncoder> reference) {
        encoders.put(reference, new Installed<>(context, reference));
    }

    void unbindEncoder(ServiceReference<ResponseEncoder> reference) {
        leaves(encoders.remove(reference));
    }

    /**
     * Decoders and encoders whose bundle is not installed before one of them is asked for: the
     * program that started the framework knows their names, and brings them. The types are the
     * JDK's, since that program shares no others with bundles.
     */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(faultline.brings=*)",
            unbind = "unbindExpected")
    void bindExpected(Runnable bringing, Map<String, Object> properties) {
        for (String name : (String[]) properties.get("faultline.brings")) {
            expected.put(name, bringing);
        }
    }

    void unbindExpected(Runnable bringing) {
        expected.values().removeIf(bringing::equals);
    }

    /**
     * The service of a name, brought if it is not there yet. One may need another: iommufd's events
     * have SMMUv3's in them. So if it does not come alone, all are brought.
     */
    private <T> T brought(String name, Supplier<T> found) {
        Runnable bringing = expected.get(name);
        if (bringing == null) {
            return found.get();
        }
        bringing.run();
        T alone = found.get();
        if (alone != null) {
            return alone;
        }
        bringAll();
        return found.get();
    }

    private void bringAll() {
        Set.copyOf(expected.values()).forEach(Runnable::run);
    }

    private static void leaves(Installed<?> leaver) {
        if (leaver != null) {
            leaver.leaves();
        }
    }

    /** The decoder of {@code arch:queue}, or null. */
    RecordDecoder decoder(String name) {
        return brought(name, () -> decoderOf(name).map(Installed::service).orElse(null));
    }

    /** The encoder of an architecture, or null. */
    ResponseEncoder encoder(String arch) {
        return brought(
                arch,
                () ->
                        best(encoders.values(), encoder -> encoder.arch().equals(arch))
                                .map(Installed::service)
                                .orElse(null));
    }

    private Optional<Installed<RecordDecoder>> decoderOf(String name) {
        return best(decoders.values(), decoder -> decoder.name().equals(name));
    }

    /** The one that is preferred among those that can be made. */
    private static <T> Optional<Installed<T>> best(
            Collection<Installed<T>> all, Predicate<Installed<T>> wanted) {
        return all.stream()
                .filter(wanted)
                .sorted(PREFERENCE)
                .filter(installed -> installed.service() != null)
                .findFirst();
    }

    /** What {@code --raw} can be given. */
    Set<String> queues() {
        bringAll();
        Set<String> names = new TreeSet<>();
        decoders.values().forEach(d -> names.add(d.name()));
        return names;
    }

    /** What {@code encode} can be given. */
    Set<String> archs() {
        bringAll();
        Set<String> names = new TreeSet<>();
        encoders.values().forEach(e -> names.add(e.arch()));
        return names;
    }

    /**
     * Tells of plugged-in components that could not be activated. A decoder that throws while it is
     * made is simply missing, and the component runtime tells nobody.
     */
    void tellFailures(Caller caller) {
        if (!caller.hasPlugIns()) {
            return;
        }
        decoders.values().forEach(Installed::service); // only what was made can have failed
        encoders.values().forEach(Installed::service);
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO configuration :
                    components.getComponentConfigurationDTOs(component)) {
                if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    String cause = cause(configuration.failure);
                    caller.say()
                            .accept(
                                    "component "
                                            + component.name
                                            + " (bundle "
                                            + component.bundle.symbolicName
                                            + ") cannot be activated: "
                                            + cause);
                }
            }
        }
    }

    /** What lies at the bottom of a stack trace. */
    private static String cause(String trace) {
        String mark = "Caused by: ";
        return trace.lines()
                .filter(line -> line.startsWith(mark))
                .reduce((above, below) -> below)
                .map(line -> line.substring(mark.length()))
                .orElseGet(() -> trace.lines().findFirst().orElse(""));
    }

    /** A line for each queue: its name, the length of a record, whose decoder it is. */
    List<String> listing() {
        return queues().stream().map(this::line).filter(Objects::nonNull).toList();
    }

    private String line(String name) {
        return decoderOf(name)
                .map(
                        best ->
                                String.format(
                                        "%-18s %2d bytes a record   %s",
                                        name, best.service().recordBytes(), best.bundle()))
                .orElse(null);
    }
}
