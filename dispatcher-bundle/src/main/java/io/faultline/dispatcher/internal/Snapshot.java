package io.faultline.dispatcher.internal;

import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import java.util.List;
import java.util.Map;

/**
 * Everything that can change while faults flow, as it is at one moment: handlers, taps, decoders,
 * encoders, settings. Immutable; a lane loads the present one for each fault and compares it, by
 * identity, with the one it works by.
 */
final class Snapshot {
    private final long version;
    private final Settings settings;
    private final List<HandlerEntry> handlers;
    private final List<TapEntry> taps;
    private final Map<String, Bound<RecordDecoder>> decoders;
    private final Map<String, Bound<ResponseEncoder>> encoders;
    private final long departures;
    private final List<Shadow> shadows;

    Snapshot(
            long version,
            Settings settings,
            List<HandlerEntry> handlers,
            List<TapEntry> taps,
            Map<String, Bound<RecordDecoder>> decoders,
            Map<String, Bound<ResponseEncoder>> encoders,
            long departures,
            List<Shadow> shadows) {
        this.version = version;
        this.settings = settings;
        this.handlers = handlers;
        this.taps = taps;
        this.decoders = decoders;
        this.encoders = encoders;
        this.departures = departures;
        this.shadows = shadows;
    }

    /** Counts up from 1 with each change. */
    long version() {
        return version;
    }

    /** What is in force. */
    Settings settings() {
        return settings;
    }

    /** In the order of the chain. */
    List<HandlerEntry> handlers() {
        return handlers;
    }

    /** In the order of their registration. */
    List<TapEntry> taps() {
        return taps;
    }

    /** By {@code arch:queue}. */
    Map<String, Bound<RecordDecoder>> decoders() {
        return decoders;
    }

    /** By architecture. */
    Map<String, Bound<ResponseEncoder>> encoders() {
        return encoders;
    }

    /** Those that are shown what a handler is offered; null if there are none. */
    Shadow[] shadowsOf(HandlerEntry entry) {
        Shadow[] all =
                shadows.stream()
                        .filter(shadow -> shadow.of.equals(entry.source.name()))
                        .toArray(Shadow[]::new);
        return all.length == 0 ? null : all;
    }

    /** How many handlers have left so far: a lane looks after what they had taken over. */
    long departures() {
        return departures;
    }

    /**
     * A plug-in with where it comes from.
     *
     * @param <T> its type
     * @param service the plug-in
     * @param source where it comes from
     * @param ranking its {@code service.ranking}: of two for one thing the higher is used
     * @param key what it is for: {@code arch:queue} or the architecture
     * @param standing whether it is called
     */
    record Bound<T>(T service, Source source, int ranking, String key, Standing standing) {}
}
