package io.faultline.kernellog.internal;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.faultline.log.LineDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * The line decoders that are installed now, for all open logs.
 *
 * <p><b>Threads.</b> Any; decoders come and go while logs are read.
 */
final class InstalledDecoders {
    /*
     * After remove() has returned, no call into the leaver starts and none is running (R6).
     *
     * Call      A reader calls decoders only through its Sessions, holding that object's lock, and
     *           tests the decoder's `gone` under it before each call.
     * Remove    marks the leaver gone, then publishes the set without it, then takes the lock of
     *           each open Sessions once: a call that was running has ended by then, and any later
     *           one sees `gone`. Under that lock the leaver's session gets its last call, end():
     *           from remove(), or from a reader that meets the new set first. Then it has left.
     * Open      Sessions enter `open` before they load the set. Either remove() finds them there,
     *           or they load a set without the leaver.
     * Waiting   A reader holds the lock for one line at most and never while it waits for input, so
     *           a log that is silent holds nobody up. A call that lasts longer than LEAVE_LIMIT_MS
     *           is given up, with a message.
     *
     * Checked by InstalledDecodersTest.
     */

    /** For all calls together (R6: the default of handler.limit.ms, and 500 ms). */
    static final long LEAVE_LIMIT_MS = 1500;

    private final Set<Sessions> open = ConcurrentHashMap.newKeySet();

    /** Guarded by this object's lock. */
    private int lastNumber;

    /** Written under this object's lock. */
    private volatile DecoderSet current = new DecoderSet(List.of());

    DecoderSet current() {
        return current;
    }

    /**
     * Adds a decoder behind those that came before; one that is expected, in its place.
     *
     * @param id its service id
     * @param component the name of its component, or null
     * @throws IllegalArgumentException if it cannot be used; it is not added then
     */
    synchronized void add(long id, String arch, String component, LineDecoder decoder) {
        for (InstalledDecoder installed : current.decoders()) {
            if (installed.expects(component)) {
                installed.comes(id, decoder);
                return;
            }
        }
        add(number -> new InstalledDecoder(id, number, arch, decoder), id, arch);
    }

    /**
     * Looks for the literals of a decoder that is not there yet.
     *
     * @param id of the service that brings it
     * @param component the name of the component that it will be
     * @param bringing called, at a line that holds one, by who reads the log; has to {@linkplain
     *     #add add} it before it returns
     * @throws IllegalArgumentException if it cannot be used; it is not expected then
     */
    synchronized void expect(
            long id, String arch, List<String> literals, String component, Runnable bringing) {
        add(
                number ->
                        new InstalledDecoder(
                                id, number, arch, List.copyOf(literals), component, bringing),
                id,
                arch);
    }

    private void add(IntFunction<InstalledDecoder> made, long id, String arch) {
        List<InstalledDecoder> decoders = new ArrayList<>(current.decoders());
        if (decoders.size() == DecoderSet.MAX_DECODERS) {
            throw new IllegalArgumentException(
                    "line decoder of "
                            + arch
                            + " (service "
                            + id
                            + "): there are "
                            + DecoderSet.MAX_DECODERS
                            + " already, and no more can be used; uninstall one");
        }
        int number = numberAfter(lastNumber, decoders);
        decoders.add(made.apply(number));
        decoders.sort(Comparator.comparingLong(InstalledDecoder::id));
        lastNumber = number;
        current = new DecoderSet(decoders);
    }

    /** Free numbers are used in turn: of a line that is held, the owners are known by number. */
    private static int numberAfter(int last, List<InstalledDecoder> decoders) {
        int number = last;
        boolean used = true;
        while (used) {
            number = number % DecoderSet.MAX_DECODERS + 1;
            int candidate = number;
            used = decoders.stream().anyMatch(decoder -> decoder.number() == candidate);
        }
        return number;
    }

    /** Removes a decoder; returns when no call into it runs. Unknown ids are ignored. */
    void remove(long id) {
        InstalledDecoder leaver = withdraw(id);
        if (leaver != null) {
            long deadline = System.nanoTime() + MILLISECONDS.toNanos(LEAVE_LIMIT_MS);
            try {
                open.forEach(sessions -> sessions.leave(leaver, deadline));
            } finally {
                leaver.hasLeft();
            }
        }
    }

    private synchronized InstalledDecoder withdraw(long id) {
        List<InstalledDecoder> decoders = new ArrayList<>(current.decoders());
        for (InstalledDecoder decoder : decoders) {
            if (decoder.id() == id) {
                decoder.leaves();
                decoders.remove(decoder);
                current = new DecoderSet(decoders);
                return decoder;
            }
        }
        return null;
    }

    void opened(Sessions sessions) {
        open.add(sessions);
    }

    void closed(Sessions sessions) {
        open.remove(sessions);
    }
}
