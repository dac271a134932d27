package io.faultline.decode.internal;

import io.faultline.hardware.Decodes;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
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
    /** One service, with what it had as it came. */
    private record Installed<T>(
            T service, String arch, String queue, int ranking, long id, String bundle) {
        static <T> Installed<T> of(ServiceReference<T> reference, T service) {
            return new Installed<>(
                    service,
                    String.valueOf(reference.getProperty(Decodes.ARCH)),
                    String.valueOf(reference.getProperty(Decodes.QUEUE)),
                    reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking
                            ? ranking
                            : 0,
                    (Long) reference.getProperty(Constants.SERVICE_ID),
                    bundle(reference.getBundle()));
        }

        private static String bundle(Bundle bundle) {
            return bundle == null ? "-" : bundle.getSymbolicName();
        }

        String name() {
            return arch + ":" + queue;
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

    private final ServiceComponentRuntime components;

    /** Called by the component runtime. */
    @Activate
    public Decoders(@Reference ServiceComponentRuntime components) {
        this.components = components;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindDecoder(ServiceReference<RecordDecoder> reference, RecordDecoder decoder) {
        decoders.put(reference, Installed.of(reference, decoder));
    }

    void unbindDecoder(ServiceReference<RecordDecoder> reference) {
        decoders.remove(reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindEncoder(ServiceReference<ResponseEncoder> reference, ResponseEncoder encoder) {
        encoders.put(reference, Installed.of(reference, encoder));
    }

    void unbindEncoder(ServiceReference<ResponseEncoder> reference) {
        encoders.remove(reference);
    }

    /** The decoder of {@code arch:queue}, or null. */
    RecordDecoder decoder(String name) {
        return decoders.values().stream()
                .filter(d -> d.name().equals(name))
                .min(PREFERENCE)
                .map(Installed::service)
                .orElse(null);
    }

    /** The encoder of an architecture, or null. */
    ResponseEncoder encoder(String arch) {
        return encoders.values().stream()
                .filter(e -> e.arch().equals(arch))
                .min(PREFERENCE)
                .map(Installed::service)
                .orElse(null);
    }

    /** What {@code --raw} can be given. */
    Set<String> queues() {
        Set<String> names = new TreeSet<>();
        decoders.values().forEach(d -> names.add(d.name()));
        return names;
    }

    /** What {@code encode} can be given. */
    Set<String> archs() {
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
        return queues().stream().map(this::line).toList();
    }

    private String line(String name) {
        Installed<RecordDecoder> best =
                decoders.values().stream()
                        .filter(d -> d.name().equals(name))
                        .min(PREFERENCE)
                        .orElseThrow();
        return String.format(
                "%-18s %2d bytes a record   %s", name, best.service().recordBytes(), best.bundle());
    }
}
