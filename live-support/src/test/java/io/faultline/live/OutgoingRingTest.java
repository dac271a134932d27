package io.faultline.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.testkit.FakeWindow;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingRingTest {
    private static final int BYTES = 16;
    private static final int HEAD = 0;
    private static final int TAIL = 4;
    private static final long MOMENT_NANOS = 100_000_000;

    /** Hardware stops at it. */
    private static final int ILLEGAL = 0xff;

    /** What hardware keeps beside the head. */
    private static final int BESIDE = 0xab << 24;

    /** Hardware with a ring, whose driver may be somebody else's at first. */
    private static final class Hardware extends FakeWindow {
        private final int slots;
        private final int indexMask;
        private final boolean wrapBit;

        /** A command was illegal; the next write of the tail sets it going. */
        private boolean stopped;

        /** How many commands it executes until somebody has read the head. */
        private int pace;

        Hardware(int slots, boolean wrapBit, int begin) {
            super("test", 16, slots * BYTES);
            this.slots = slots;
            this.wrapBit = wrapBit;
            this.indexMask = wrapBit ? 2 * slots - 1 : slots - 1;
            setRegister32(HEAD, begin | BESIDE);
            setRegister32(TAIL, begin);
        }

        Hardware(int slots, boolean wrapBit) {
            this(slots, wrapBit, 0);
        }

        Ring ring() {
            return new Ring(this, memory(MEMORY, slots * BYTES));
        }

        @Override
        protected void stored32(long offset, int value) {
            assertEquals(TAIL, offset);
            assertEquals(value & indexMask, value);
            setRegister32(offset, value);
            stopped = false;
        }

        void execute(int most) {
            int head = register32(HEAD) & indexMask;
            for (int i = 0; i < most && head != register32(TAIL) && !stopped; i++) {
                byte[] command = fetch(MEMORY + (head & slots - 1) * (long) BYTES, BYTES);
                stopped = (command[0] & 0xff) == ILLEGAL;
                if (!stopped) {
                    addExecuted(command);
                    head = head + 1 & indexMask;
                }
            }
            setRegister32(HEAD, head | BESIDE);
        }
    }

    private static final class Ring extends OutgoingRing {
        private final Hardware hardware;

        Ring(Hardware hardware, ByteBuffer memory) {
            super(
                    new WindowRegisters(hardware),
                    memory,
                    BYTES,
                    hardware.wrapBit,
                    hardware.register32(TAIL),
                    hardware.register32(HEAD));
            this.hardware = hardware;
        }

        @Override
        protected int readHead() {
            hardware.execute(hardware.pace);
            return hardware.read32(HEAD);
        }

        @Override
        protected void writeTail(int index) {
            hardware.write32(TAIL, index);
        }

        boolean submit(int opcode, int tag) {
            return submit(command(opcode, tag));
        }

        boolean submit(int tag) {
            return submit(1, tag);
        }
    }

    private static ByteBuffer command(int opcode, int tag) {
        ByteBuffer command = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return command.putLong(opcode).putLong(tag).flip();
    }

    private static String hex(int opcode, int tag) {
        return HexFormat.of().formatHex(command(opcode, tag).array());
    }

    private static List<String> tags(int from, int to) {
        return IntStream.range(from, to).mapToObj(tag -> hex(1, tag)).toList();
    }

    private static int fill(Ring ring) {
        int taken = 0;
        while (ring.submit(taken)) {
            taken++;
        }
        return taken;
    }

    /** Without a wrap bit one slot stays free; with one, a ring of a single slot works. */
    @ParameterizedTest
    @CsvSource({"1, true, 1", "2, true, 2", "8, true, 8", "2, false, 1", "8, false, 7"})
    void takesAsManyCommandsAsItHasRoomFor(int slots, boolean wrapBit, int room) {
        Hardware hardware = new Hardware(slots, wrapBit);
        Ring ring = hardware.ring();

        assertEquals(room, fill(ring));
        assertFalse(ring.submit(room), "still full");

        hardware.execute(1);
        assertTrue(ring.submit(room));
        assertFalse(ring.submit(room + 1));
        hardware.execute(slots);
        assertEquals(tags(0, room + 1), hardware.executed());
    }

    @Test
    void readsTheHeadOnlyWhenItLooksFull() {
        Hardware hardware = new Hardware(4, true);
        Ring ring = hardware.ring();
        int before = hardware.reads();

        IntStream.range(0, 4).forEach(ring::submit);
        assertEquals(before, hardware.reads());

        hardware.execute(4);
        IntStream.range(4, 8).forEach(ring::submit);
        assertEquals(before + 1, hardware.reads(), "then there is room for as many");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWhereSomebodyElseLeftOff(boolean wrapBit) {
        Hardware hardware = new Hardware(4, wrapBit, 3);
        Ring ring = hardware.ring();

        assertEquals(wrapBit ? 4 : 3, fill(ring));
        hardware.execute(4);

        assertEquals(tags(0, wrapBit ? 4 : 3), hardware.executed());
    }

    /** What waits when a ring is taken over is not overwritten. */
    @Test
    void leavesTheCommandsOfSomebodyElseWhereTheyAre() {
        Hardware hardware = new Hardware(4, true);
        IntStream.range(0, 3).forEach(hardware.ring()::submit);

        Ring successor = hardware.ring();
        assertTrue(successor.submit(3));
        assertFalse(successor.submit(4));

        hardware.execute(4);
        assertEquals(tags(0, 4), hardware.executed());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 15, 17, 32})
    void refusesACommandOfAnotherLength(int bytes) {
        Hardware hardware = new Hardware(4, true);
        Ring ring = hardware.ring();

        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ring.submit(ByteBuffer.allocate(bytes)));

        assertEquals("command.remaining()=" + bytes + ": a command has 16", e.getMessage());
        assertEquals(0, hardware.register32(TAIL));
    }

    @Test
    void takesACommandFromTheMiddleOfABufferAndLeavesItAsItWas() {
        Hardware hardware = new Hardware(4, false);
        ByteBuffer buffer = ByteBuffer.allocate(3 * BYTES);
        buffer.position(BYTES).put(command(1, 7)).flip().position(BYTES);

        assertTrue(hardware.ring().submit(buffer));

        hardware.execute(1);
        assertEquals(List.of(hex(1, 7)), hardware.executed());
        assertEquals(BYTES, buffer.position());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void putsAnotherCommandWhereHardwareHasStopped(boolean wrapBit) {
        Hardware hardware = new Hardware(4, wrapBit, 3);
        Ring ring = hardware.ring();
        ring.submit(1);
        ring.submit(ILLEGAL, 2);
        ring.submit(3);
        hardware.execute(4);
        assertEquals(tags(1, 2), hardware.executed());

        String refused = ring.replaceHead(0x46, 0);
        ring.writeTailAgain();
        hardware.execute(4);

        assertEquals(hex(ILLEGAL, 2), refused);
        assertEquals(List.of(hex(1, 1), hex(0x46, 0), hex(1, 3)), hardware.executed());
    }

    @Test
    void knowsThatThereIsRoomOnceItHasLookedWhereHardwareStopped() {
        Hardware hardware = new Hardware(4, true);
        Ring ring = hardware.ring();
        ring.submit(0);
        ring.submit(ILLEGAL, 1);
        ring.submit(2);
        ring.submit(3);
        hardware.execute(4);
        ring.replaceHead(0x46, 0);
        int before = hardware.reads();

        assertTrue(ring.submit(4));

        assertEquals(before, hardware.reads());
    }

    @Test
    void takesNothingOnceItIsClosedOrGone() {
        Ring closed = new Hardware(4, true).ring();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.submit(0));

        Hardware hardware = new Hardware(4, true);
        Ring ring = hardware.ring();
        hardware.die();
        Exception e = assertThrows(IllegalStateException.class, () -> ring.submit(0));
        assertEquals("fake0 takes no more commands", e.getMessage());
    }

    @Test
    void takesNothingWhereThereIsNoRing() {
        Ring none = new Ring(new Hardware(4, false), null);

        assertFalse(none.isSetUp());
        assertThrows(IllegalStateException.class, () -> none.submit(0));
        none.close();
    }

    /** Answers that were given before the unit leaves still reach the device (R7). */
    @Test
    void waitsUntilHardwareHasTakenWhatItHas() {
        Hardware hardware = new Hardware(4, true);
        Ring ring = hardware.ring();
        IntStream.range(0, 3).forEach(ring::submit);
        hardware.pace = 1;
        long since = System.nanoTime();

        ring.close();

        long waited = System.nanoTime() - since;
        if (waited < MOMENT_NANOS) { // else this thread had no processor meanwhile
            assertEquals(tags(0, 3), hardware.executed());
        }
    }

    /** Hardware that has stopped for good does not hold up who closes. */
    @Test
    void waitsNoLongerThanAMoment() {
        Hardware hardware = new Hardware(4, true);
        Ring ring = hardware.ring();
        ring.submit(0);
        long since = System.nanoTime();

        ring.close();

        assertTrue(System.nanoTime() - since >= MOMENT_NANOS);
        assertEquals(List.of(), hardware.executed());
    }

    /** Whatever hardware's pace is: no command is lost, repeated or overtaken. */
    @Property
    void givesEveryCommandToHardwareOnce(
            @ForAll boolean wrapBit,
            @ForAll @IntRange(min = 1, max = 4) int log2Slots,
            @ForAll @IntRange(max = 15) int begin,
            @ForAll @Size(max = 60) List<@IntRange(max = 20) Integer> bursts) {
        int slots = 1 << log2Slots;
        Hardware hardware =
                new Hardware(slots, wrapBit, begin & (wrapBit ? 2 * slots - 1 : slots - 1));
        Ring ring = hardware.ring();

        List<String> taken = new ArrayList<>();
        int tag = 0;
        for (int burst : bursts) {
            for (int i = 0; i < burst; i++, tag++) {
                if (ring.submit(tag)) {
                    taken.add(hex(1, tag));
                }
            }
            hardware.execute(burst / 2);
        }
        hardware.execute(slots);

        assertEquals(taken, hardware.executed());
    }
}
