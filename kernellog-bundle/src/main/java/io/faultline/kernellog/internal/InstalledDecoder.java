package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.faultline.log.LineDecoder;
import java.util.List;

/** A decoder with what it said of itself when it came. */
final class InstalledDecoder {
    private final long id;
    private final int number;
    private final String arch;
    private final LineDecoder decoder;
    private final List<String> literals;

    /** Set before the leaver's unbind waits, read under the lock of each source's sessions. */
    private volatile boolean gone;

    /** Set when the leaver's unbind has returned or is about to. */
    private volatile boolean left;

    private volatile boolean failedBefore;

    /**
     * @param id the service's
     * @param number its own among those that are installed, 1 to 63
     * @param arch the architecture it reads
     * @throws IllegalArgumentException if its literals cannot be searched for
     */
    InstalledDecoder(long id, int number, String arch, LineDecoder decoder) {
        this.id = id;
        this.number = number;
        this.arch = arch;
        this.decoder = decoder;
        this.literals = List.copyOf(decoder.literals());
        for (String literal : literals) {
            if (literal.length() < LiteralSearch.SHORTEST
                    || !US_ASCII.newEncoder().canEncode(literal)
                    || literal.indexOf('\n') >= 0
                    || literal.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        this
                                + ": literal=\""
                                + literal
                                + "\" cannot be searched for; it has to be ASCII text of one line"
                                + " and of at least "
                                + LiteralSearch.SHORTEST
                                + " characters");
            }
        }
    }

    long id() {
        return id;
    }

    int number() {
        return number;
    }

    /** Its bit among the owners of literals; another decoder gets it only long after this left. */
    long ownerBit() {
        return 1L << number;
    }

    String arch() {
        return arch;
    }

    List<String> literals() {
        return literals;
    }

    LineDecoder.Session open(String source) {
        return decoder.open(source);
    }

    boolean gone() {
        return gone;
    }

    void leaves() {
        gone = true;
    }

    /** Whether no call at all may be made any more; a session that is still open may be ended. */
    boolean left() {
        return left;
    }

    void hasLeft() {
        left = true;
    }

    /** True once: the first failure is worth a message, the others are only counted. */
    boolean failsForTheFirstTime() {
        boolean first = !failedBefore;
        failedBefore = true;
        return first;
    }

    @Override
    public String toString() {
        return "line decoder of "
                + arch
                + " (service "
                + id
                + ", "
                + decoder.getClass().getName()
                + ")";
    }
}
