package io.faultline.dispatcher.internal;

/**
 * A lane that has to end, and the calls that hold it up once its time is over. Each call may last a
 * while yet; the first one has had its time already. For one thread.
 */
final class LaneEnd {
    /** What a call has that begins when the lane's time is over. */
    private static final long CALL_NANOS = 200_000_000;

    /** What the lane has then for its last answers. */
    private static final long REST_NANOS = 600_000_000;

    final Lane lane;

    private long restFrom;

    /** Who was in the call that was seen last; null until the lane's time is over. */
    private LaneThread thread;

    private long call;
    private long callFrom;

    LaneEnd(Lane lane) {
        this.lane = lane;
    }

    /** Whether it has had the time for its last answers, too. */
    boolean isOver(long nanos) {
        return thread != null && nanos - restFrom > REST_NANOS;
    }

    /**
     * Whether the call that it may be in is to be given up. Asked again and again once the lane's
     * time is over.
     */
    boolean isCallOver(long nanos) {
        LaneThread present = lane.present();
        long number = present.guard.number();
        boolean first = thread == null;
        if (first) {
            restFrom = nanos;
        }
        boolean same = present == thread && number == call;
        boolean over = first || (same && nanos - callFrom > CALL_NANOS);
        if (over || !same) {
            thread = present;
            call = number;
            callFrom = nanos;
        }
        return over;
    }
}
