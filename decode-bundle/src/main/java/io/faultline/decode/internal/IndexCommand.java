package io.faultline.decode.internal;

import io.faultline.hardware.Decodes;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import io.faultline.log.LineDecoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The command {@code index}, for the build of the distribution: by what each installed bundle's
 * decoders and encoders are asked for, so that later a bundle need not be installed before. A line
 * each, in columns with a tab between them: the bundle's file, what the line tells, and that.
 *
 * <pre>
 *  x-bundle.jar  name     arch:queue            of a decoder of records
 *  x-bundle.jar  name     arch                  of an encoder
 *  x-bundle.jar  lines    arch       component  of a decoder of lines
 *  x-bundle.jar  literal  component  text       one of its literals; the text may hold tabs
 * </pre>
 */
@Component(service = ToIntFunction.class, property = "faultline.command=index")
public final class IndexCommand implements ToIntFunction<Map<String, Object>> {
    private final BundleContext context;

    /** Called by the component runtime. */
    @Activate
    public IndexCommand(BundleContext context) {
        this.context = context;
    }

    @Override
    public int applyAsInt(Map<String, Object> arguments) {
        Caller.of(arguments).print(lines());
        return 0;
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ServiceReference<RecordDecoder> reference : all(RecordDecoder.class)) {
            String name = text(reference, Decodes.ARCH) + ":" + text(reference, Decodes.QUEUE);
            lines.add(line(reference, "name", name));
        }
        for (ServiceReference<ResponseEncoder> reference : all(ResponseEncoder.class)) {
            lines.add(line(reference, "name", text(reference, Decodes.ARCH)));
        }
        for (ServiceReference<LineDecoder> reference : all(LineDecoder.class)) {
            String component = text(reference, ComponentConstants.COMPONENT_NAME);
            lines.add(line(reference, "lines", text(reference, Decodes.ARCH), component));
            LineDecoder decoder = context.getService(reference);
            if (decoder == null) {
                throw new IllegalStateException(component + " cannot be made");
            }
            decoder.literals()
                    .forEach(text -> lines.add(line(reference, "literal", component, text)));
            context.ungetService(reference);
        }
        return lines;
    }

    /** In the order in which they came, which is that in which lines are shown to them. */
    private <T> Collection<ServiceReference<T>> all(Class<T> type) {
        try {
            List<ServiceReference<T>> references =
                    new ArrayList<>(context.getServiceReferences(type, null));
            references.sort(Comparator.comparing(r -> (Long) r.getProperty(Constants.SERVICE_ID)));
            return references;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter, and it is refused", e);
        }
    }

    private static String text(ServiceReference<?> reference, String property) {
        return String.valueOf(reference.getProperty(property));
    }

    private static String line(ServiceReference<?> reference, String... columns) {
        String location = reference.getBundle().getLocation();
        return location.substring(location.lastIndexOf('/') + 1)
                + "\t"
                + String.join("\t", columns);
    }
}
