package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.faultline.log.LineDecoder;
import java.util.List;

/**
 * A decoder with what it said of itself when it came; or one that is expected, of which somebody
 * else said it, and which comes when a line of its is there.
 */
final class InstalledDecoder {
    private final int number;
    private final String arch;
    private final List<String> literals;

    /** The component that is expected, or the class that was there from the begin. */
    private final String component;

    private final Runnable bringing;

    /** Of the service that expects it, then of its own. */
    private volatile long id;

    /** Null while it is expected. */
    private volatile LineDecoder decoder;

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
        this(
                id,
                number,
                arch,
                List.copyOf(decoder.literals()),
                decoder.getClass().getName(),
                () -> {});
        this.decoder = decoder;
    }

    /**
     * One that is expected.
     *
     * @param component the name of the component that it will be
     * @param bringing returns when it has come
     */
    InstalledDecoder(
            long id,
            int number,
            String arch,
            List<String> literals,
            String component,
            Runnable bringing) {
        this.id = id;
        this.number = number;
        this.arch = arch;
        this.literals = literals;
        this.component = component;
        this.bringing = bringing;
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

    /** Whether a component is expected here. */
    boolean expects(String name) {
        return decoder == null && component.equals(name);
    }

    /**
     * What was expected has come. The searches for its literals stay as they are.
     *
     * @throws IllegalArgumentException if it looks for other literals than was said
     */
    void comes(long itsId, LineDecoder itself) {
        if (!literals.equals(itself.literals())) {
            throw new IllegalArgumentException(
                    this
                            + ": has the literals "
                            + itself.literals()
                            + ", expected were "
                            + literals
                            + "; build anew");
        }
        id = itsId;
        decoder = itself;
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

    /** Begins reading a source. What is expected comes before. */
    LineDecoder.Session open(String source) {
        if (decoder == null) {
            bringing.run();
        }
        LineDecoder here = decoder;
        if (here == null) {
            throw new IllegalStateException(this + ": has been brought, but is not there");
        }
        return here.open(source);
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
        return "line decoder of " + arch + " (service " + id + ", " + component + ")";
    }
}
