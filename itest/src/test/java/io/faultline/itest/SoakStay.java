package io.faultline.itest;

/**
 * From when to when a handler was there, in numbers of one queue's groups.
 *
 * <p>Certainly there for what was written after its registration had returned and offered before
 * its end was asked for; certainly not for what was offered before the one or written after the
 * other.
 */
final class SoakStay {
    final int handler;
    private final int ranking;
    private final long mayFrom;
    private final long mustFrom;
    private long mustTo = Long.MAX_VALUE;
    private long mayTo = Long.MAX_VALUE;

    /** Its place is not known any more. */
    private boolean moved;

    SoakStay(int handler, int ranking, long mayFrom, long mustFrom) {
        this.handler = handler;
        this.ranking = ranking;
        this.mayFrom = mayFrom;
        this.mustFrom = mustFrom;
    }

    /** From this group on it may be passed over: it is about to leave, to throw or to block. */
    void mayMiss(long number) {
        mustTo = Math.min(mustTo, number);
    }

    /** From this group on it must not be asked. */
    void gone(long number) {
        mayTo = number;
    }

    /** Whether no group from this one on may be offered to it. */
    boolean hasEndedBefore(long number) {
        return mayTo <= number;
    }

    void moved() {
        moved = true;
    }

    boolean isPermanent() {
        return handler <= SoakHandler.FIRST;
    }

    boolean mayHave(long number, boolean waited) {
        return (waited || number >= mayFrom) && number < mayTo;
    }

    boolean mustHave(long number) {
        return number >= mustFrom && number < mustTo;
    }

    /** Whether it certainly stands before another one. */
    boolean isBefore(SoakStay other) {
        return !moved && !other.moved && (ranking > other.ranking || handler == other.handler);
    }
}
