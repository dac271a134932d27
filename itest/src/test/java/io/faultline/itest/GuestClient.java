package io.faultline.itest;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/** A guest, written from docs/guest-protocol.md alone. */
final class GuestClient implements AutoCloseable {
    static final int GRANT = 2;
    static final int FAULTS = 3;
    static final int WITHDRAWN = 5;
    static final int RESULT = 7;
    static final int ERROR = 10;
    static final int COMMANDS = 12;

    static final int LATE = 9;
    static final int SHUTDOWN = 13;
    static final int RESTART = 15;
    static final int NOT_READY = 16;

    private static final int HELLO = 1;
    private static final int ANSWERS = 6;
    private static final int RECORDS = 11;
    private static final int HEADER = 8;
    private static final int LAST = 2;
    private static final int ANY_PASID_OR_NONE = 3;

    private static final int PAUSE = 9;
    private final byte[] token = new byte[16];

    /** The dev_id of its claim. */
    private int claimed;

    private final SocketChannel channel;
    private final ByteBuffer in = buffer(1 << 18).limit(0);

    /** Frames that were passed over to find another. */
    private final Queue<Frame> early = new ArrayDeque<>();

    /** A frame that came. */
    record Frame(int type, int count, ByteBuffer payload) {
        int word(int index) {
            return payload.getInt(Integer.BYTES * index);
        }

        /** The cookies of a faults frame, one a group. */
        List<Integer> cookies() {
            List<Integer> cookies = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                if ((word(10 * i) & LAST) != 0) {
                    cookies.add(word(10 * i + 9));
                }
            }
            return cookies;
        }

        @Override
        public String toString() {
            String text = StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
            return "type " + type + ", count " + count + ": " + text;
        }
    }

    GuestClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void send(int type, int count, ByteBuffer payload) throws IOException {
        ByteBuffer frame = buffer(HEADER + payload.remaining());
        frame.putInt(frame.capacity()).putShort((short) type).putShort((short) count);
        frame.put(payload).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    private static byte[] text(String words, int bytes) {
        return Arrays.copyOf(words.getBytes(StandardCharsets.US_ASCII), bytes);
    }

    private static ByteBuffer session(int bytes, int kind, int depth) {
        return buffer(32 + bytes).putShort((short) 1).putShort((short) kind).putInt(depth);
    }

    /** Claims a device with all its PASIDs. */
    GuestClient claim(String unit, String device) throws IOException {
        return claim(unit, device, 64);
    }

    /** With a queue of a wished depth. */
    GuestClient claim(String unit, String device, int depth) throws IOException {
        ask(unit, device, depth);
        Frame grant = await(GRANT);
        grant.payload().get(16, token);
        claimed = grant.word(8);
        return this;
    }

    /** Says hello with a claim, whatever is said to that. */
    void ask(String unit, String device, int depth) throws IOException {
        ByteBuffer hello = session(176, 0, depth).position(32);
        hello.put(text(unit, 64)).put(text(device, 32)).putInt(ANY_PASID_OR_NONE).putInt(1);
        send(HELLO, 1, hello.rewind());
    }

    /** Takes another connection's session over. */
    GuestClient resume(GuestClient former) throws IOException {
        send(HELLO, 0, session(0, 0, 0).putLong(0).put(former.token).rewind());
        Frame grant = await(GRANT);
        grant.payload().get(16, token);
        return this;
    }

    /** Becomes the hardware of a unit. */
    GuestClient beHardware(String queue, String unit, int depth) throws IOException {
        ByteBuffer hello = session(128, 1, depth).position(32);
        hello.put(text(queue, 64)).put(text(unit, 64));
        send(HELLO, 1, hello.rewind());
        await(GRANT);
        return this;
    }

    /** Writes records of one length; how many were taken. Their commands may come before that. */
    int records(long[]... records) throws IOException {
        ByteBuffer all = buffer(records.length * records[0].length * Long.BYTES);
        for (long[] record : records) {
            for (long word : record) {
                all.putLong(word);
            }
        }
        send(RECORDS, records.length, all.flip());
        Frame frame = next();
        for (; frame != null && frame.type() == COMMANDS; frame = next()) {
            early.add(frame);
        }
        return expect(RESULT, frame).word(1);
    }

    void answer(int cookie, int code) throws IOException {
        send(ANSWERS, 1, buffer(8).putInt(cookie).putInt(code).flip());
    }

    /** Has the claimed device paused. */
    void pause(int millis) throws IOException {
        send(PAUSE, 1, buffer(8).putInt(claimed).putInt(millis).flip());
    }

    Frame await(int type) throws IOException {
        return expect(type, read());
    }

    private static Frame expect(int type, Frame frame) {
        if (frame == null || frame.type() != type) {
            throw new AssertionError("wanted type " + type + ", got " + frame);
        }
        return frame;
    }

    /** The next frame; null at the end of the stream. */
    Frame read() throws IOException {
        return early.isEmpty() ? next() : early.remove();
    }

    private Frame next() throws IOException {
        while (in.remaining() < HEADER || in.remaining() < in.getInt(in.position())) {
            in.compact();
            int more = channel.read(in);
            in.flip();
            if (more < 0) {
                return null;
            }
        }
        int begin = in.position();
        int length = in.getInt(begin);
        ByteBuffer payload = buffer(length - HEADER);
        payload.put(0, in, begin + HEADER, length - HEADER);
        in.position(begin + length);
        return new Frame(in.getShort(begin + 4), in.getShort(begin + 6) & 0xffff, payload);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
