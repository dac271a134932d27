package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.testkit.ManualTicker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CommandRingTest {
    private static final int RESUME = 0x44;
    private static final int ILLEGAL = 0xff;

    private final List<String> messages = new ArrayList<>();
    private final FakeSmmu smmu = new FakeSmmu(2);
    private final LiveUnit unit = new LiveUnit(smmu, new ManualTicker(), messages::add);

    private static ByteBuffer command(int opcode, int tag) {
        ByteBuffer command = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        return command.putLong(opcode).putLong(tag).flip();
    }

    private static String hex(int opcode, int tag) {
        return HexFormat.of().formatHex(command(opcode, tag).array());
    }

    private boolean submit(int opcode, int tag) {
        return unit.port().submit(command(opcode, tag));
    }

    @Test
    void refusesACommandWhileTheRingIsFull() {
        for (int i = 0; i < 4; i++) {
            assertTrue(submit(RESUME, i));
        }

        assertFalse(submit(RESUME, 4));

        smmu.execute();
        assertTrue(submit(RESUME, 4));
        smmu.execute();
        assertEquals(IntStream.range(0, 5).mapToObj(i -> hex(RESUME, i)).toList(), smmu.executed());
    }

    @Test
    void passesOverAnIllegalCommandAndSaysWhich() {
        submit(RESUME, 1);
        submit(ILLEGAL, 2);
        submit(RESUME, 3);
        smmu.execute();
        assertEquals(1, smmu.executed().size());

        unit.queues().get(0).available(); // an error concerns all queues

        assertEquals(hex(RESUME, 3), smmu.executed().get(2));
        assertEquals(hex(0x46, 0), smmu.executed().get(1), "CMD_SYNC does no harm");
        assertEquals(1, messages.size());
        assertTrue(messages.get(0).contains(hex(ILLEGAL, 2)), messages::toString);
    }

    @Test
    void holdsCommandsBackWhileHardwareHasStopped() {
        submit(ILLEGAL, 0);
        smmu.execute();
        for (int i = 1; i < 4; i++) {
            assertTrue(submit(RESUME, i));
        }
        assertFalse(submit(RESUME, 4));

        unit.queues().get(0).available();

        assertTrue(submit(RESUME, 4));
    }

    @Test
    void takesNothingWhenItIsClosedOrGone() {
        unit.close();
        assertThrows(IllegalStateException.class, () -> submit(RESUME, 1));

        FakeSmmu other = new FakeSmmu(2);
        LiveUnit dying = new LiveUnit(other, new ManualTicker(), messages::add);
        other.die();

        assertThrows(IllegalStateException.class, () -> dying.port().submit(command(RESUME, 1)));
    }

    /** Whatever hardware's pace is: no command is lost, repeated or overtaken. */
    @Property
    void givesEveryCommandToHardwareOnce(
            @ForAll @Size(max = 60) List<@IntRange(max = 6) Integer> bursts) {
        FakeSmmu fake = new FakeSmmu(2);
        LiveUnit live = new LiveUnit(fake, new ManualTicker(), messages::add);

        List<String> taken = new ArrayList<>();
        int tag = 0;
        for (int burst : bursts) {
            for (int i = 0; i < burst; i++, tag++) {
                if (live.port().submit(command(RESUME, tag))) {
                    taken.add(hex(RESUME, tag));
                }
            }
            fake.execute();
        }

        assertEquals(taken, fake.executed());
    }
}
