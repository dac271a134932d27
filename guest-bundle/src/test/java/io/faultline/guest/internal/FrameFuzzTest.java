package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** R16: whatever one client sends, another is served. */
class FrameFuzzTest {
    private static Rig rig;

    @BeforeAll
    static void start() throws IOException {
        rig = new Rig();
    }

    @AfterAll
    static void stop() throws IOException {
        rig.close();
    }

    @FuzzTest
    void servesOthersWhateverOneSends(byte[] bytes) throws Exception {
        try (TestGuest hostile = new TestGuest(rig.socket)) {
            hostile.send(TestGuest.claim(8, new byte[16], "0x1", 1, 3));
            try {
                hostile.send(ByteBuffer.wrap(bytes));
            } catch (IOException e) {
                // it was thrown out, as it deserves
            }
        }
        try (TestGuest good = new TestGuest(rig.socket)) {
            good.resume(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
            assertEquals(ErrorCode.BAD_TOKEN.number(), good.error());
        }
    }
}
