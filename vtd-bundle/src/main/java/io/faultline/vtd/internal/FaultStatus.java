package io.faultline.vtd.internal;

import io.faultline.hardware.FaultKeys;
import io.faultline.hardware.KeySink;

/**
 * The fault status register (FSTS).
 *
 * <pre>
 *  31     16 15   8  7   6   5   4   3   2   1   0
 * +---------+------+---+---+---+---+---+---+---+---+
 * |    0    |  FRI |PRO|ITE|ICE|IQE|APF|AFO|PPF|PFO|
 * +---------+------+---+---+---+---+---+---+---+---+
 * </pre>
 *
 * <p>Source: Intel VT-d, "Fault Status Register".
 *
 * @param value as read
 */
record FaultStatus(int value) {
    private static final int PFO = 1;
    private static final int PPF = 1 << 1;
    private static final int IQE = 1 << 4;
    private static final int ICE = 1 << 5;
    private static final int ITE = 1 << 6;
    private static final int PRO = 1 << 7;

    /** All ones is what a read gives when nobody answers it. */
    private static final int GONE = -1;

    /** Whether the unit did not answer: removed or without power. Nothing else means anything. */
    boolean gone() {
        return value == GONE;
    }

    /** Whether a recording register holds a fault. */
    boolean pending() {
        return is(PPF);
    }

    /** Whether faults were lost because the next recording register was still in use. */
    boolean overflow() {
        return is(PFO);
    }

    /** Whether the invalidation queue has stopped at a descriptor that it refuses. */
    boolean queueError() {
        return is(IQE);
    }

    /** The first recording register with a fault, which means something while one is pending. */
    int firstIndex() {
        return value >>> 8 & 0xff;
    }

    private boolean is(int bit) {
        return !gone() && (value & bit) != 0;
    }

    /** Gives the keys of a status line; {@code log_value} is how Linux prints the register. */
    void describe(KeySink keys) {
        keys.number("fsts", Integer.toUnsignedLong(value));
        keys.text("log_value", Integer.toHexString(value));
        keys.flag("pending", pending());
        keys.flag("overflow", overflow());
        FaultKeys.number(keys, "first_index", pending(), firstIndex());
        keys.flag("queue_error", is(IQE));
        keys.flag("completion_error", is(ICE));
        keys.flag("timeout", is(ITE));
    }

    /** {@return a sentence for people} */
    String sentence() {
        StringBuilder text = new StringBuilder(96).append("fault status 0x");
        text.append(Integer.toHexString(value)).append(':');
        if (gone()) {
            return text.append(" the unit does not answer (removed or powered off)").toString();
        }
        int empty = text.length();
        if (pending()) {
            text.append(" fault recorded, first in register ").append(firstIndex()).append(',');
        }
        append(text, PFO, "at least one fault was lost");
        append(text, IQE, "invalidation queue error");
        append(text, ICE, "invalidation completion error");
        append(text, ITE, "invalidation time-out");
        append(text, PRO, "page request queue overflow");
        if (text.length() == empty) {
            return text.append(" nothing pending").toString();
        }
        text.setLength(text.length() - 1);
        return text.toString();
    }

    private void append(StringBuilder text, int bit, String meaning) {
        if (is(bit)) {
            text.append(' ').append(meaning).append(',');
        }
    }
}
