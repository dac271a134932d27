package io.faultline.guest.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One message on the socket, little-endian.
 *
 * <pre>
 *  0        4      6       8
 * +--------+------+-------+---------...
 * | length | type | count | payload
 * +--------+------+-------+---------...
 * </pre>
 *
 * <p>The length is that of the whole frame, this header included.
 */
final class Frame {
    static final int HEADER = 8;
    static final int LONGEST = 65_536;
    static final int VERSION = 1;

    static final int HELLO = 1;
    static final int GRANT = 2;
    static final int FAULTS = 3;
    static final int EVENTS = 4;
    static final int WITHDRAWN = 5;
    static final int ANSWERS = 6;
    static final int RESULT = 7;
    static final int DETACH = 8;
    static final int PAUSE = 9;
    static final int ERROR = 10;
    static final int RECORDS = 11;
    static final int COMMANDS = 12;

    /** The fixed part of hello and of grant. */
    static final int SESSION_BYTES = 32;

    static final int CLAIM_BYTES = 176;
    static final int RAW_CLAIM_BYTES = 128;
    static final int GRANT_BYTES = 64;
    static final int FAULT_BYTES = 40;
    static final int ANSWER_BYTES = 8;
    static final int WITHDRAWN_BYTES = 8;
    static final int RESULT_BYTES = 16;
    static final int TOKEN_BYTES = 16;

    private Frame() {}

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Begins a frame whose payload is put afterwards. */
    static ByteBuffer begin(ByteBuffer to, int payloadBytes, int type, int count) {
        return to.putInt(HEADER + payloadBytes).putShort((short) type).putShort((short) count);
    }

    static ByteBuffer begin(int payloadBytes, int type, int count) {
        return begin(buffer(HEADER + payloadBytes), payloadBytes, type, count);
    }

    static ByteBuffer error(ErrorCode code, int value, String text) {
        byte[] words = text.getBytes(StandardCharsets.UTF_8);
        return begin(8 + words.length, ERROR, 1)
                .putInt(code.number())
                .putInt(value)
                .put(words)
                .flip();
    }

    static ByteBuffer result(int ofType, int value, int second) {
        return begin(RESULT_BYTES, RESULT, 1)
                .putInt(ofType)
                .putInt(value)
                .putInt(second)
                .putInt(0)
                .flip();
    }

    /** A text of fixed length, ended by its first zero byte; null if it is not plain ASCII. */
    static String text(ByteBuffer from, int bytes) {
        byte[] all = new byte[bytes];
        from.get(all);
        int end = 0;
        while (end < bytes && all[end] != 0) {
            if (all[end] < ' ' || all[end] == 0x7f) {
                return null;
            }
            end++;
        }
        return new String(all, 0, end, StandardCharsets.US_ASCII);
    }

    static void putText(ByteBuffer to, String text, int bytes) {
        byte[] words = text.getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(words.length, bytes);
        to.put(words, 0, length).put(new byte[bytes - length]);
    }
}
