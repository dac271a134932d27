package io.faultline.guest.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client for tests, which can also say what a good one would not. */
final class TestGuest implements AutoCloseable {
    final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
    byte[] token = new byte[16];
    int depth;

    /** A frame that came. */
    record Got(int type, int count, ByteBuffer payload) {
        int word(int i) {
            return payload.getInt(4 * i);
        }

        List<Integer> cookies() {
            List<Integer> cookies = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                if ((payload.getInt(40 * i) & 2) != 0) {
                    cookies.add(payload.getInt(40 * i + 36));
                }
            }
            return cookies;
        }
    }

    TestGuest(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    static ByteBuffer claim(int depth, byte[] token, String device, int id, int flags) {
        return claim(depth, token, device, id, flags, ClaimRequest.RAW);
    }

    static ByteBuffer claim(int depth, byte[] token, String device, int id, int flags, int format) {
        ByteBuffer to = Frame.begin(32 + Frame.CLAIM_BYTES, Frame.HELLO, 1);
        session(to, depth, token);
        Frame.putText(to, Rig.UNIT, 64);
        Frame.putText(to, device, 32);
        to.putInt(flags).putInt(id).putInt(format).putInt(0);
        return to.put(new byte[64]).flip();
    }

    static void session(ByteBuffer to, int depth, byte[] token) {
        to.putShort((short) 1).putShort((short) 0).putInt(depth).putLong(0).put(token);
    }

    /** Claims a device with all PASIDs and without; the dev_id. */
    int claim(String device, int id) throws IOException {
        send(claim(1024, new byte[16], device, id, 3));
        return granted();
    }

    int granted() throws IOException {
        Got grant = await(Frame.GRANT);
        depth = grant.word(1);
        grant.payload().get(16, token);
        return grant.word(8);
    }

    void resume(byte[] of) throws IOException {
        ByteBuffer to = Frame.begin(32, Frame.HELLO, 0);
        session(to, 0, of);
        send(to.flip());
    }

    void answer(int cookie, int code) throws IOException {
        send(Frame.begin(8, Frame.ANSWERS, 1).putInt(cookie).putInt(code).flip());
    }

    void pause(int device, int millis) throws IOException {
        send(Frame.begin(8, Frame.PAUSE, 1).putInt(device).putInt(millis).flip());
    }

    void detach(int device) throws IOException {
        send(Frame.begin(4, Frame.DETACH, 1).putInt(device).flip());
    }

    Got await(int type) throws IOException {
        Got got = read();
        if (got == null || got.type() != type) {
            String text =
                    got != null && got.type() == Frame.ERROR
                            ? new String(got.payload().array(), 8, got.payload().limit() - 8, UTF_8)
                            : "";
            throw new AssertionError("wanted " + type + ", got " + got + " " + text);
        }
        return got;
    }

    /** The number in an error frame that has to come next. */
    int error() throws IOException {
        return await(Frame.ERROR).word(0);
    }

    /** The next frame, or null at the end. */
    Got read() throws IOException {
        while (in.position() < 8 || in.position() < in.getInt(0)) {
            if (channel.read(in) < 0) {
                return null;
            }
        }
        int length = in.getInt(0);
        byte[] payload = new byte[length - 8];
        in.get(8, payload);
        int type = in.getShort(4);
        int count = in.getShort(6) & 0xffff;
        in.flip().position(length);
        in.compact();
        return new Got(type, count, ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Whether nothing has come. */
    boolean hearsNothing() throws IOException {
        channel.configureBlocking(false);
        try {
            return in.position() == 0 && channel.read(in) == 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
