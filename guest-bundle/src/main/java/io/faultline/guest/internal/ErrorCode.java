package io.faultline.guest.internal;

/** What an error frame says; the numbers are the protocol's. */
enum ErrorCode {
    /** Not a frame, or not of this length; the connection ends. */
    BAD_FRAME(1),
    BAD_VERSION(2),
    BAD_TYPE(3),
    /** The claim says something impossible; the value is its number in the hello. */
    BAD_CLAIM(4),
    /** Another claim has the device and PASID; the value is its number in the hello. */
    OVERLAP(5),
    BAD_TOKEN(6),
    LIMIT(7),
    /** No group has this cookie; the value is the cookie. */
    BAD_COOKIE(8),
    /** The group has ended: answered before, or withdrawn; the value is the cookie. */
    LATE(9),
    /** The value is the cookie, the group still waits. */
    BAD_CODE(10),
    /** The value is the dev_id. */
    BAD_DEVICE(11),
    NOT_PERMITTED(12),
    /** The platform ends; the connection ends. */
    SHUTDOWN(13),
    /** The unit cannot be made. */
    BAD_UNIT(14),
    /** The bundle is updated: the session is there for its token; the value is for how many ms. */
    RESTART(15),
    /** The dispatcher is not there, and it grants what is asked for. */
    NOT_READY(16);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** A request that is refused. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        final ErrorCode code;
        final int value;

        Refused(ErrorCode code, int value, String message) {
            super(message, null, false, false);
            this.code = code;
            this.value = value;
        }
    }
}
