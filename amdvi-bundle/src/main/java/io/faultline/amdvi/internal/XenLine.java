package io.faultline.amdvi.internal;

import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of Xen's driver, which limits its page faults:
 *
 * <pre>
 * AMD-Vi: IO_PAGE_FAULT: 0000:02:00.0 d3 addr 00000000fdf80000 flags 0x20 RW
 * AMD-Vi: IO_PAGE_FAULT: domain = 0, device id = 0xa0, fault address = 0xfdf80000, flags = 0x20
 * AMD-Vi: INVALID_DEV_REQUEST 00000a00 8a000000 f8000020 000000fd
 * </pre>
 */
final class XenLine {
    private static final Pattern PAGE_FAULT =
            Pattern.compile(
                    "IO_PAGE_FAULT: ([\\da-fA-F:.]{7,12}) d(\\d{1,5}) addr"
                            + " (\\p{XDigit}{1,16}) flags 0x(\\p{XDigit}{1,3})\\b");

    private static final Pattern OLD_PAGE_FAULT =
            Pattern.compile(
                    "IO_PAGE_FAULT: domain = (\\d{1,5}), device id = 0x(\\p{XDigit}{1,4}), fault"
                            + " address = 0x(\\p{XDigit}{1,16}), flags = (?:0x)?(\\p{XDigit}{1,3})\\b");

    private static final Pattern WORDS =
            Pattern.compile(
                    "\\b([A-Z_]{8,24}) (\\p{XDigit}{8}) (\\p{XDigit}{8}) (\\p{XDigit}{8})"
                            + " (\\p{XDigit}{8})\\b");

    private XenLine() {}

    /**
     * Reads a line.
     *
     * @return false if it is none of Xen's
     */
    static boolean read(LogLine line, LineSink out) {
        String text = line.text();
        int fault = text.indexOf("IO_PAGE_FAULT: ");
        if (fault >= 0) {
            return readPageFault(line, text, out);
        }
        Matcher words = WORDS.matcher(text);
        if (!words.find() || !LoggedEvent.isName(words.group(1))) {
            return false;
        }
        long q0 = hex(words.group(3)) << 32 | hex(words.group(2));
        long q1 = hex(words.group(5)) << 32 | hex(words.group(4));
        out.unit(AmdVi.ARCH, null).queue(AmdVi.EVENT_LOG).words(2);
        if (AmdVi.code(q0) == AmdVi.NOT_WRITTEN) {
            out.notWritten();
        } else {
            EventRecord.decode(q0, q1, out);
        }
        return true;
    }

    private static boolean readPageFault(LogLine line, String text, LineSink out) {
        Matcher m = PAGE_FAULT.matcher(text);
        if (m.find()) {
            LoggedDevice device = LoggedDevice.of(m.group(1));
            tell(line, device, m.group(2), m.group(3), m.group(4), out);
            return true;
        }
        m = OLD_PAGE_FAULT.matcher(text);
        if (!m.find()) {
            return false;
        }
        int id = (int) hex(m.group(2));
        LoggedDevice device = new LoggedDevice(AmdVi.bdf(id), id);
        tell(line, device, m.group(1), m.group(3), m.group(4), out);
        return true;
    }

    private static void tell(
            LogLine line,
            LoggedDevice device,
            String domain,
            String address,
            String flags,
            LineSink out) {
        new LoggedEvent("")
                .xen(
                        device,
                        Integer.parseInt(domain) & 0xffff,
                        Long.parseUnsignedLong(address, 16),
                        (int) hex(flags))
                .tell(line, out);
    }

    private static long hex(String digits) {
        return Long.parseLong(digits, 16);
    }
}
