package io.faultline.kernellog.internal;

import io.faultline.log.LineDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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

    private final Set<Sessions> open = ConcurrentHashMap.newKeySet();

    /** Written under this object's lock. */
    private volatile DecoderSet current = new DecoderSet(List.of());

    DecoderSet current() {
        return current;
    }

    /**
     * Adds a decoder behind those that came before.
     *
     * @param id its service id
     * @throws IllegalArgumentException if it cannot be used; it is not added then
     */
    synchronized void add(long id, String arch, LineDecoder decoder) {
        InstalledDecoder comer = new InstalledDecoder(id, arch, decoder);
        List<InstalledDecoder> decoders = new ArrayList<>(current.decoders());
        if (decoders.size() == DecoderSet.MAX_DECODERS) {
            throw new IllegalArgumentException(
                    comer
                            + ": there are "
                            + DecoderSet.MAX_DECODERS
                            + " line decoders already, and no more can be used; uninstall one");
        }
        decoders.add(comer);
        decoders.sort(Comparator.comparingLong(InstalledDecoder::id));
        current = new DecoderSet(decoders);
    }

    /** Removes a decoder; returns when no call into it runs. Unknown ids are ignored. */
    void remove(long id) {
        InstalledDecoder leaver = withdraw(id);
        if (leaver != null) {
            try {
                open.forEach(sessions -> sessions.leave(leaver));
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
