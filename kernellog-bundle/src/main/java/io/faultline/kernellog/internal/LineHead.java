package io.faultline.kernellog.internal;

import io.faultline.fault.TimeBase;

/**
 * What the prefixes of one line told. Of several times the kernel's own is the one: the others are
 * of clocks that are set, or of when somebody read the line.
 *
 * <p><b>Threads.</b> One.
 */
final class LineHead {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private TimeBase base = TimeBase.NONE;
    private long time;
    private boolean verified;
    private boolean prefixed;
    private boolean escaped;
    private long dropped;

    /** Whether a host's name may come next, and whether any program may have written the line. */
    private boolean hostMayFollow;

    private boolean anyProgram;

    /** Begins a new line. */
    void clear() {
        base = TimeBase.NONE;
        time = 0;
        verified = true;
        prefixed = false;
        escaped = false;
        dropped = 0;
        hostMayFollow = false;
        anyProgram = false;
    }

    /** What the time counts from; {@code NONE} if there was none. */
    TimeBase base() {
        return base;
    }

    /** Nanoseconds, 0 if there was none. */
    long time() {
        return time;
    }

    boolean hasUptime() {
        return base == TimeBase.BOOT;
    }

    /** False if the head says that user space wrote the line. */
    boolean verified() {
        return verified;
    }

    /** Whether more than quoting and blanks was taken off. */
    boolean prefixed() {
        return prefixed;
    }

    /** Whether the text is spelled as in {@code /dev/kmsg}. */
    boolean escaped() {
        return escaped;
    }

    /** How many messages the console says it dropped before this one. */
    long dropped() {
        return dropped;
    }

    /** Whether the last layer was a time behind which a host's name can be; asked once. */
    boolean hostMayFollow() {
        boolean may = hostMayFollow;
        hostMayFollow = false;
        return may;
    }

    boolean anyProgram() {
        return anyProgram;
    }

    /** A layer was taken off. */
    boolean found() {
        prefixed = true;
        return true;
    }

    boolean foundUptime(long seconds, long nanos) {
        base = TimeBase.BOOT;
        time = seconds * NANOS_PER_SECOND + nanos;
        hostMayFollow = true;
        return found();
    }

    boolean foundDate(WallClock clock) {
        if (clock.known() && !hasUptime()) {
            base = TimeBase.EPOCH;
            time = clock.nanos();
        }
        hostMayFollow = true;
        return found();
    }

    /** The date was a syslog's, whose lines are from any program. */
    void foundSyslog() {
        anyProgram = true;
    }

    boolean foundAuthor(boolean kernel) {
        verified &= kernel;
        return found();
    }

    void foundEscapes() {
        escaped = true;
        hostMayFollow = false;
    }

    boolean foundDropped(long count) {
        dropped = count;
        return found();
    }
}
