package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.TimeBase;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinePrefixTest {
    private static final String MESSAGE =
            "DMAR: [DMA Read NO_PASID] Request device [02:00.0] fault addr 0xffe00000"
                    + " [fault reason 0x06] PTE Read access is not set";
    private static final long BOOT = 12_345_678_000L;
    private static final long SECOND = 1_000_000_000L;

    /** 2023-11-03T10:22:31Z. */
    private static final long DATE = 1_699_006_951L * SECOND;

    /** What a head is expected to tell. */
    private record Told(TimeBase base, long time, boolean verified, boolean prefixed) {}

    private record Case(String head, Told told) {
        @Override
        public String toString() {
            return "'" + head + "'";
        }
    }

    private static Case boot(String head) {
        return new Case(head, new Told(TimeBase.BOOT, BOOT, true, true));
    }

    private static Case date(String head, long nanos) {
        return new Case(head, new Told(TimeBase.EPOCH, nanos, true, true));
    }

    private static Case timeless(String head) {
        return new Case(head, new Told(TimeBase.NONE, 0, true, true));
    }

    private static Case bare(String head) {
        return new Case(head, new Told(TimeBase.NONE, 0, true, false));
    }

    private static Case forged(String head, TimeBase base, long time) {
        return new Case(head, new Told(base, time, false, true));
    }

    static Stream<Case> heads() {
        return Stream.of(
                // quoting
                bare(""),
                bare("  "),
                bare("\t"),
                bare("> "),
                bare(">> "),
                bare("> > "),
                bare("| "),
                bare("`"),
                bare("[code]"),
                bare("&gt; "),
                bare("\u00ef\u00bb\u00bf"),
                bare("\u00a0\u00c2\u00a0"),
                boot("> [   12.345678] "),
                boot(">\u00a0[   12.345678] "),
                boot("&gt;&gt; [   12.345678] "),
                // printk
                boot("[   12.345678] "),
                boot("[12.345678] "),
                boot("[12.345678]"),
                boot("<3>[   12.345678] "),
                boot("<3> [   12.345678] "),
                boot("[   12.345678] [    T123] "),
                boot("[   12.345678][    C0] "),
                boot("[   12.345678][    T123] "),
                boot("[   12.345678] [pid:134,cpu0,irq/13-arm-smmu]"),
                boot("[   12.345678]  [0:    swapper/0:    1] "),
                boot("\u001b[32m[   12.345678] \u001b[0m\u001b[33m"),
                boot("\r[   12.345678] "),
                boot("[   12.345678] <3>"),
                boot("(0) [   12.345678] "),
                boot("dmesg.txt:17:[   12.345678] "),
                boot("17:[   12.345678] "),
                boot("437.569715] [   12.345678] "),
                boot("** 3 printk messages dropped ** [   12.345678] "),
                new Case("<3>", new Told(TimeBase.NONE, 0, true, true)),
                forged("<11>", TimeBase.NONE, 0),
                forged("<30>[   12.345678] ", TimeBase.BOOT, BOOT),
                timeless("5] "),
                timeless("37.569715] "),
                timeless(".569715] "),
                // dmesg
                boot("kern  :err   : [   12.345678] "),
                boot("kern  :warn  : [   12.345678] "),
                forged("daemon:info  : [   12.345678] ", TimeBase.BOOT, BOOT),
                forged("authpriv:notice: [   12.345678] ", TimeBase.BOOT, BOOT),
                date("[Fri Nov  3 10:22:31 2023] ", DATE),
                date("[Fri Nov 3 10:22:31 2023] ", DATE),
                date("kern  :err   : [Fri Nov  3 10:22:31 2023] ", DATE),
                timeless("[Fr M\u00e4r  3 10:22:31 2023] "),
                timeless("[ven. nov.  3 10:22:31 2023] "),
                boot("[   12.345678 <    0.000012>] "),
                date("[Fri Nov  3 10:22:31 2023 <    0.000012>] ", DATE),
                timeless("[<    0.000012>] "),
                timeless("[Nov 3 10:22] "),
                timeless("[Nov13 10:22] "),
                timeless("[  +0.000012] "),
                date("2023-11-03T10:22:31,123456+01:00 ", DATE - 3600 * SECOND + 123_456_000),
                boot("[2023-11-03 10:22:31.123] [   12.345678] "),
                // syslog and journal
                timeless("Nov  3 10:22:31 host kernel: "),
                timeless("Nov 03 10:22:31 host kernel: "),
                timeless("Nov  3 10:22:31 host kernel[0]: "),
                timeless("Nov  3 10:22:31   kernel: "),
                timeless("Nov 03 10:22:31.123456 host.example.org kernel: "),
                boot("Nov  3 10:22:31 host kernel: [   12.345678] "),
                boot("<4>Nov  3 10:22:31 host kernel: [   12.345678] "),
                boot("<4>1 2023-11-03T10:22:31Z host kernel - - - [   12.345678] "),
                date("<4>1 2023-11-03T10:22:31Z host kernel - - [x@1 a=\"b\"] ", DATE),
                forged("<4>1 2023-11-03T10:22:31Z host script 17 - - ", TimeBase.EPOCH, DATE),
                date(
                        "2023-11-03T10:22:31.123456+01:00 host kernel: ",
                        DATE - 3600 * SECOND + 123_456_000),
                date("2023-11-03T10:22:31+0000 host kernel: ", DATE),
                date("2023-11-03T10:22:31-0130 host kernel: ", DATE + 5400 * SECOND),
                date("2023-11-03 10:22:31 host kernel: ", DATE),
                date("2023-11-03T10:22:31Z host kernel: ", DATE),
                date("Fri 2023-11-03 10:22:31 UTC host kernel: ", DATE),
                date("Fri 2023-11-03 10:22:31 CET host kernel: ", DATE),
                date("1699006951.500000 host kernel: ", DATE + SECOND / 2),
                date("Nov  3 2023 10:22:31 host kernel: ", DATE),
                boot("[   12.345678] host kernel: "),
                boot("[   12.345678] kernel: "),
                boot("kernel: [   12.345678] "),
                timeless("kernel: "),
                timeless("kernel:"),
                forged("Nov  3 10:22:31 host script[17]: ", TimeBase.NONE, 0),
                forged("2023-11-03T10:22:31Z host script[17]: ", TimeBase.EPOCH, DATE),
                // others
                boot("0x000000000277BBFA |     12.345678:   "),
                boot("   irq/24-AMD-Vi-48    [002] ....    12.345678: "),
                boot("          <idle>-0     [001] d.h1.    12.345678: "),
                boot("          <idle>-0     [001]    12.345678: "),
                boot("3,1234,12345678,-;"),
                boot("3,1234,12345678,-,caller=T123;"),
                forged("14,1234,12345678,-;", TimeBase.BOOT, BOOT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void takesOff(Case head) {
        assertEquals(MESSAGE, strip(head.head() + MESSAGE));
        assertEquals(head.told(), told(head.head() + MESSAGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[fault reason 0x25] Blocked a compatibility format interrupt request",
                "[DMA Read] Request device [02:00.0]",
                "[drm] initialized",
                "INTR-REMAP: Request device [[02:00.0] fault index 23",
                "arm-smmu-v3 arm-smmu-v3.3.auto: \t0x0000010000000010",
                "0x0000010000000010",
                "0x0000010000000010 0x1 | 2.3:",
                "(XEN) [VT-D]DMAR:[DMA Read] Request device [0000:00:02.0] fault addr",
                "12 CPUs found",
                "2023 was a year",
                "Nov 3 is no time",
                "may the kernel: be with you",
                "kern  is no facility",
                "** not dropped **",
                "*** gpu fault: iova=0000000001047dc0 flags=0 (0,0,0,0)",
                "8e43c000, iommu reg = ffff82c00021d000",
                "message [T1] of [12.3]",
                "<unknown>",
                "1,2,3 go; now",
            })
    void leavesAMessageAlone(String message) {
        assertEquals(message, strip(message));
        assertEquals(new Told(TimeBase.NONE, 0, true, false), told(message));
    }

    @Test
    void keepsWhatTellsXen() {
        assertEquals(
                "(XEN) [VT-D]DMAR: reason 02",
                strip("    (XEN) [   12.345678] [VT-D]DMAR: reason 02"));
    }

    @Test
    void undoesEscapesOfAQuotedRecord() {
        assertEquals("arm-smmu-v3 x: \t0x00\\", strip("> 6,1,2,-;arm-smmu-v3 x: \\x090x00\\x5c"));
    }

    @Test
    void tellsHowManyMessagesWereDropped() {
        LineHead head = head("** 123 printk messages dropped **");

        assertEquals(123, head.dropped());
        assertEquals("", strip("** 123 printk messages dropped **"));
    }

    @Test
    void takesOffTrailingBlanks() {
        assertEquals("text", strip("[   12.345678] text \t "));
    }

    /** The message is never read twice: nothing of what any bytes say makes it fail. */
    @Property
    void readsAnyLine(@ForAll @CharRange(from = '\1', to = '\u00ff') String line) {
        strip(line);
        strip("[   12.345678] " + line);
        strip("Nov  3 10:22:31 " + line);
        strip("6,1," + line);
    }

    private static Told told(String line) {
        LineHead head = head(line);
        return new Told(head.base(), head.time(), head.verified(), head.prefixed());
    }

    private static LineHead head(String line) {
        LineCleaner cleaner = new LineCleaner();
        cleaner.clean(Logs.bytes(line), 0, line.length());
        return new LinePrefix().strip(cleaner.bytes(), cleaner.from(), cleaner.to());
    }

    private static String strip(String line) {
        LineCleaner cleaner = new LineCleaner();
        cleaner.clean(Logs.bytes(line), 0, line.length());
        LinePrefix prefix = new LinePrefix();
        prefix.strip(cleaner.bytes(), cleaner.from(), cleaner.to());
        return prefix.text();
    }
}
