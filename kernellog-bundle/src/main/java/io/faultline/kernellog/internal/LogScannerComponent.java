package io.faultline.kernellog.internal;

import io.faultline.hardware.Decodes;
import io.faultline.log.LineDecoder;
import io.faultline.log.LogScanner;
import io.faultline.log.LogSource;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Opens logs for everyone, and keeps the line decoders that come and go. It needs nothing else, so
 * that {@code decode} can run without configuration and log services.
 */
@Component(service = {LogScanner.class, LogScannerComponent.class})
public final class LogScannerComponent implements LogScanner {
    /** Declarative Services, OSGi Compendium 112.6. */
    private static final String COMPONENT_NAME = "component.name";

    private final InstalledDecoders decoders = new InstalledDecoders();

    @Override
    public LogSource open(String name, InputStream input) {
        return open(name, new StreamSource(input));
    }

    ScannedLog open(String name, ByteSource input) {
        return new ScannedLog(name, input, decoders);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindDecoder")
    void bindDecoder(LineDecoder decoder, Map<String, Object> properties) {
        Object arch = properties.get(Decodes.ARCH);
        try {
            decoders.add(
                    id(properties),
                    arch == null ? "unknown" : arch.toString(),
                    (String) properties.get(COMPONENT_NAME),
                    decoder);
        } catch (RuntimeException e) {
            // A decoder that cannot be used must not keep the others from being bound.
            Messages.LOG.log(Level.ERROR, "kernellog: line decoder not used: " + e.getMessage(), e);
        }
    }

    /** Returns when no call into the decoder runs any more (R6). */
    void unbindDecoder(Map<String, Object> properties) {
        decoders.remove(id(properties));
    }

    /**
     * A line decoder whose bundle is not installed before a line of its is there: the program that
     * started the framework knows its literals, and brings it. The types are the JDK's, since that
     * program shares no others with bundles.
     */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(faultline.brings.literals=*)",
            unbind = "unbindExpected")
    void bindExpected(Runnable bringing, Map<String, Object> properties) {
        decoders.expect(
                id(properties),
                (String) properties.get("faultline.brings.arch"),
                List.of((String[]) properties.get("faultline.brings.literals")),
                (String) properties.get("faultline.brings.component"),
                bringing);
    }

    void unbindExpected(Map<String, Object> properties) {
        decoders.remove(id(properties));
    }

    private static long id(Map<String, Object> properties) {
        return (Long) properties.get(Constants.SERVICE_ID);
    }
}
