package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Await;
import io.faultline.exam.Bundles;
import io.faultline.exam.PaxExamTest;
import io.faultline.exam.Service;
import io.faultline.fault.Fault;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.RecordQueue;
import io.faultline.log.LineSink;
import io.faultline.log.LogScanner;
import io.faultline.log.LogSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.log.LogReaderService;

/** A replay's services come and go with its configuration, and with those whom it needs. */
@PaxExamTest
class ReplayIT {
    private Path dump;
    private Configuration configuration;

    @org.ops4j.pax.exam.Configuration
    static Option[] replayAlone() {
        return options(Bundles.felix(), Bundles.named("fault-api", "replay-bundle"));
    }

    @BeforeEach
    void makeDump() throws IOException {
        dump = Files.writeString(Files.createTempFile("board", ".txt"), "# test:queue\n01\n02\n");
    }

    @AfterEach
    void forget() throws IOException {
        stop();
        // a configuration goes on another thread: the next test would meet what this one played
        BundleContext context = FrameworkUtil.getBundle(ReplayIT.class).getBundleContext();
        await(context, HardwareUnit.class, Objects::isNull);
        await(context, LogSource.class, Objects::isNull);
        Files.delete(dump);
    }

    @Test
    void registersAUnitOnceItsDecoderIsKnown(
            BundleContext context, @Service ConfigurationAdmin admin, @Service LogReaderService log)
            throws IOException {
        configure(admin, Map.of("file", dump.toString(), "unit", "board"));
        Logged.await(log, "waits for a decoder of test:queue");

        ServiceRegistration<?> decoder = registerDecoder(context);

        HardwareUnit unit = unit(context);
        assertEquals("board", unit.unit().name());
        assertEquals("test", unit.unit().arch());
        assertEquals(2, unit.queues().get(0).available());
        decoder.unregister();
        assertSame(unit, unit(context), "its records wait for the next decoder");
        stop();
        await(context, HardwareUnit.class, Objects::isNull);
    }

    @Test
    void keepsTheUnitWhenOnlyTheRateChanges(
            BundleContext context, @Service ConfigurationAdmin admin) throws IOException {
        ServiceRegistration<?> decoder = registerDecoder(context);
        configure(admin, Map.of("file", dump.toString(), "rate", "1"));
        HardwareUnit before = unit(context);
        RecordQueue queue = before.queues().get(0);
        assertEquals(0, queue.available());

        configure(admin, Map.of("file", dump.toString(), "rate", "max"));

        Await.until("available", queue::available, n -> n == 2);
        assertSame(before, unit(context));
        decoder.unregister();
    }

    @Test
    void keepsWhatItPlaysWhenItIsToldNonsense(
            BundleContext context, @Service ConfigurationAdmin admin, @Service LogReaderService log)
            throws IOException {
        ServiceRegistration<?> decoder = registerDecoder(context);
        configure(admin, Map.of("file", dump.toString()));
        HardwareUnit before = unit(context);

        configure(admin, Map.of("file", dump.toString(), "rate", "fast"));
        Logged.await(log, "io.faultline.replay: rate=fast: allowed are max");
        configure(admin, Map.of("file", dump + ".missing"));
        Logged.await(log, ".missing: no such file; nothing is changed");

        assertSame(before, unit(context));
        decoder.unregister();
    }

    @Test
    void writesDownWhatIsAnswered(BundleContext context, @Service ConfigurationAdmin admin)
            throws IOException {
        Path responses = Files.createTempFile("responses", ".jsonl");
        ServiceRegistration<?> decoder = registerDecoder(context);
        configure(
                admin,
                Map.of("file", dump.toString(), "responses", responses.toString(), "unit", "u"));

        unit(context).port().submit(ByteBuffer.wrap(new byte[] {0x0f, 0x01}));
        stop();

        Await.until(
                "responses",
                () -> read(responses),
                text -> text.contains("\"unit\":\"u\",\"hex\":\"0f01\""));
        decoder.unregister();
        Files.delete(responses);
    }

    @Test
    void readsALogThroughTheScannerThatIsThere(
            BundleContext context, @Service ConfigurationAdmin admin) throws IOException {
        Files.writeString(dump, "[    1.000000] a log");
        configure(admin, Map.of("file", dump.toString()));
        var scanner = context.registerService(LogScanner.class, OneReport::new, null);

        LogSource source = await(context, LogSource.class, Objects::nonNull);

        assertEquals(dump.getFileName().toString(), source.name());
        assertEquals(1, source.read(null, 1));

        scanner.unregister();
        assertNull(context.getServiceReference(LogSource.class));
    }

    private void configure(ConfigurationAdmin admin, Map<String, String> properties)
            throws IOException {
        if (configuration == null) {
            configuration = admin.createFactoryConfiguration("io.faultline.replay", "?");
        }
        configuration.update(FrameworkUtil.asDictionary(properties));
    }

    private void stop() throws IOException {
        if (configuration != null) {
            configuration.delete();
            configuration = null;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HardwareUnit unit(BundleContext context) {
        return await(context, HardwareUnit.class, Objects::nonNull);
    }

    private static <S> S await(BundleContext context, Class<S> type, Predicate<S> holds) {
        return Await.until(
                type.getSimpleName(),
                () -> {
                    ServiceReference<S> reference = context.getServiceReference(type);
                    return reference == null ? null : context.getService(reference);
                },
                holds);
    }

    private static ServiceRegistration<?> registerDecoder(BundleContext context) {
        return context.registerService(
                RecordDecoder.class,
                new OneByte(),
                FrameworkUtil.asDictionary(Map.of(Decodes.ARCH, "test", Decodes.QUEUE, "queue")));
    }

    private static final class OneByte implements RecordDecoder {
        @Override
        public int recordBytes() {
            return 1;
        }

        @Override
        public void decode(ByteBuffer queue, int at, FaultSink out) {
            out.empty();
        }

        @Override
        public void describe(Fault fault, KeySink keys) {
            // it makes no faults
        }
    }

    private record OneReport(String name, InputStream input) implements LogSource {
        @Override
        public int read(LineSink out, int limit) {
            return 1;
        }

        @Override
        public void close() throws IOException {
            input.close();
        }
    }
}
