package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A stream has no borders: frames come as the kernel has cut and joined them. */
class FramePiecesTest {
    private static final AtomicInteger NEXT = new AtomicInteger(0x1000);
    private static final int UNKNOWN_TYPE = 77;
    private static Rig rig;

    @BeforeContainer
    static void start() throws IOException {
        rig = new Rig(Map.of("reconnect.ms", 100)); // none has to be taken back
    }

    @AfterContainer
    static void stop() throws IOException {
        rig.close();
    }

    @Property(tries = 60)
    void answersTheSameHoweverFramesAreCut(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 90) Integer> pieces)
            throws Exception {
        try (TestGuest guest = new TestGuest(rig.socket)) {
            send(guest, frames("0x" + Integer.toHexString(NEXT.incrementAndGet())), pieces);

            List<Integer> types = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                types.add(guest.read().type());
            }
            assertEquals(
                    List.of(Frame.GRANT, Frame.RESULT, Frame.ERROR, Frame.ERROR, Frame.RESULT),
                    types);
        }
    }

    private static ByteBuffer frames(String device) {
        ByteBuffer all = Frame.buffer(1024);
        all.put(TestGuest.claim(16, new byte[16], device, 1, 3));
        all.put(Frame.begin(8, Frame.PAUSE, 1).putInt(1).putInt(5).flip());
        all.put(Frame.begin(8, Frame.ANSWERS, 1).putInt(-9).putInt(0).flip());
        all.put(Frame.begin(3, UNKNOWN_TYPE, 0).put(new byte[3]).flip());
        all.put(Frame.begin(4, Frame.DETACH, 1).putInt(1).flip());
        return all.flip();
    }

    /** In pieces of these lengths, in turn. */
    private static void send(TestGuest guest, ByteBuffer all, List<Integer> pieces)
            throws IOException {
        int end = all.limit();
        for (int i = 0; all.position() < end; i++) {
            int piece = pieces.get(i % pieces.size());
            guest.send(all.limit(Math.min(end, all.position() + piece)));
        }
    }
}
