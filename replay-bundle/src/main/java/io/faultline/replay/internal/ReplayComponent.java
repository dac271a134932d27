package io.faultline.replay.internal;

import io.faultline.fault.Unit;
import io.faultline.handler.Handles;
import io.faultline.handler.Ticker;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordDecoder;
import io.faultline.log.LogScanner;
import io.faultline.log.LogSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Plays one recording for each configuration: a dump as a {@link HardwareUnit}, a log as a {@link
 * LogSource}.
 *
 * <p>A dump needs its decoder once, to know how long a record is; from then on its records wait in
 * the queue while there is none (R15). A log is read by the scanner, and begins anew with a new
 * one.
 */
@Component(
        name = Replayed.PID,
        service = {},
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ReplayConfig.class, factory = true)
public final class ReplayComponent {
    private final BundleContext bundle;
    private final ResponseFiles responseFiles;
    private final PlayedCommand played;
    private final Logger log;

    private final List<Known> decoders = new ArrayList<>();
    private LogScanner scanner;
    private Replayed replayed;
    private Recording recording;

    /**
     * Before the activation's end what is bound is only noted, so that a failure fails it; after
     * the deactivation's begin, too.
     */
    private boolean started;

    /** Null while a decoder or the scanner is missing. */
    private Playing playing;

    private record Known(QueueName queue, RecordDecoder decoder) {}

    /**
     * What is being played.
     *
     * @param scanner who reads it, if it is a log
     * @param release what is left to do when the service is gone
     */
    private record Playing(
            ServiceRegistration<?> registration,
            Player player,
            LogScanner scanner,
            Runnable release) {
        /**
         * The dispatcher lets go of the unit first, and answers what is outstanding while the port
         * still works (R7); then the port closes.
         */
        void stop() {
            registration.unregister();
            release.run();
        }
    }

    /**
     * Called by DS.
     *
     * @throws IOException if the file cannot be played
     */
    @Activate
    public ReplayComponent(
            BundleContext bundle,
            @Reference ResponseFiles responseFiles,
            @Reference PlayedCommand played,
            @Reference(service = LoggerFactory.class) Logger log,
            Map<String, Object> properties)
            throws IOException {
        this.bundle = bundle;
        this.responseFiles = responseFiles;
        this.played = played;
        this.log = log;
        this.replayed = Replayed.of(properties);
        this.recording = open(replayed);
    }

    @Activate
    synchronized void start() throws IOException {
        started = true;
        play();
        if (playing == null) {
            String missing =
                    recording instanceof Recording.QueueDump dump
                            ? "a decoder of " + dump.queue()
                            : "the bundle that reads kernel logs";
            log.warn("{}: waits for {}", replayed.file(), missing);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void bindDecoder(RecordDecoder decoder, Map<String, Object> properties) {
        QueueName queue =
                new QueueName(
                        String.valueOf(properties.get(Decodes.ARCH)),
                        String.valueOf(properties.get(Decodes.QUEUE)));
        decoders.add(new Known(queue, decoder));
        playLater();
    }

    synchronized void unbindDecoder(RecordDecoder decoder) {
        decoders.removeIf(known -> known.decoder() == decoder);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindScanner(LogScanner present) {
        scanner = present;
        playLater();
    }

    synchronized void unbindScanner(LogScanner gone) {
        scanner = scanner == gone ? null : scanner;
        if (playing != null && playing.scanner() == gone) {
            stop();
            playLater();
        }
    }

    /** Rate and loop change at once; another file, queue or unit is another replay. */
    @Modified
    synchronized void configure(Map<String, Object> properties) {
        try {
            Replayed next = Replayed.of(properties);
            boolean same = replayed.playsTheSameAs(next);
            if (same && playing != null && playing.player().change(next.rate(), next.loop())) {
                replayed = next;
                return;
            }
            Recording nextRecording = open(next);
            stop();
            replayed = next;
            recording = nextRecording;
            play();
        } catch (IOException | IllegalArgumentException e) {
            log.error("{}; nothing is changed", e.getMessage());
        }
    }

    /** DS binds what comes until it has let go of everything: nothing of it is played any more. */
    @Deactivate
    synchronized void close() {
        started = false;
        stop();
    }

    private void stop() {
        if (playing != null) {
            Playing stopped = playing;
            playing = null;
            played.remove(stopped.player());
            stopped.stop();
        }
    }

    private static Recording open(Replayed replayed) throws IOException {
        Path file = Path.of(replayed.file());
        Recording recording;
        try {
            recording = Recording.open(file, replayed.queue());
        } catch (FileSystemException e) { // its message is the file's name
            throw new IOException(file + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
        return recording;
    }

    private void playLater() {
        if (!started || recording == null) {
            return;
        }
        try {
            play();
        } catch (IOException | IllegalArgumentException e) {
            recording = null;
            log.error("{}; it is not played", e.getMessage());
        }
    }

    /** Plays if everything needed is there, and does nothing else. */
    private void play() throws IOException {
        if (playing != null) {
            return;
        }
        if (recording instanceof Recording.QueueDump dump) {
            Optional<Known> known =
                    decoders.stream().filter(d -> d.queue().equals(dump.queue())).findFirst();
            if (known.isPresent()) {
                playing = playDump(dump.queue(), dump.framed(known.get().decoder()));
            }
        } else if (scanner != null) {
            playing = playLog(((Recording.KernelLog) recording).file());
        }
        if (playing != null) {
            played.add(playing.player());
        }
    }

    private Playing playDump(QueueName queueName, Dump dump) throws IOException {
        dump.checkHas(replayed.rate());
        dump.remarks().forEach(remark -> log.warn("{}", remark));
        String fileName = Path.of(replayed.file()).getFileName().toString();
        String name = Objects.requireNonNullElse(replayed.unit(), stem(fileName));
        Unit unit = new Unit(queueName.arch(), unused(name, HardwareUnit.class));
        Path responses =
                replayed.responses() == null
                        ? null
                        : Path.of(replayed.responses()).toAbsolutePath().normalize();
        ResponseFile file = responses == null ? null : openResponses(responses);
        AnswerPort port = new AnswerPort(unit, file);
        DumpQueue queue =
                new DumpQueue(
                        queueName.queue(),
                        dump,
                        replayed.rate(),
                        replayed.loop(),
                        Ticker.SYSTEM,
                        port);
        return new Playing(
                register(
                        HardwareUnit.class,
                        new DumpUnit(unit, queue, port),
                        Map.of(Decodes.ARCH, unit.arch(), Handles.NAME, unit.name())),
                queue,
                null,
                () -> {
                    port.close();
                    if (file != null) {
                        responseFiles.leave(responses);
                    }
                });
    }

    private ResponseFile openResponses(Path path) {
        try {
            return responseFiles.open(path);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    Replayed.PID + ": responses=" + path + ": cannot be written: " + e, e);
        }
    }

    private Playing playLog(Path file) {
        if (replayed.responses() != null) {
            log.warn("{}: responses: what a log tells is only observed, never answered", file);
        }
        String name =
                unused(
                        Objects.requireNonNullElse(replayed.unit(), file.getFileName().toString()),
                        LogSource.class);
        LogScanner reader = scanner;
        PacedLog source =
                new PacedLog(
                        name,
                        () -> reader.open(name, Files.newInputStream(file)),
                        replayed.rate(),
                        replayed.loop(),
                        Ticker.SYSTEM,
                        remark -> log.warn("{}", remark));
        return new Playing(
                register(LogSource.class, source, Map.of(Handles.NAME, name)),
                source,
                reader,
                () -> {
                    try {
                        source.close();
                    } catch (IOException e) {
                        log.warn("{}: {}", file, e.getMessage());
                    }
                });
    }

    private <S> ServiceRegistration<S> register(
            Class<S> type, S service, Map<String, String> properties) {
        return bundle.registerService(type, service, FrameworkUtil.asDictionary(properties));
    }

    /** The name, or with a number behind it if another replay has it: units differ by name. */
    private String unused(String name, Class<?> type) {
        String unused = name;
        for (int n = 2; isUsed(unused, type); n++) {
            unused = name + "-" + n;
        }
        return unused;
    }

    private boolean isUsed(String name, Class<?> type) {
        try {
            return bundle.getServiceReferences(type, null).stream()
                    .anyMatch(reference -> name.equals(reference.getProperty(Handles.NAME)));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // there is no filter
        }
    }

    private static String stem(String fileName) {
        int dot = fileName.lastIndexOf('.');
        return dot > 0 ? fileName.substring(0, dot) : fileName;
    }
}
