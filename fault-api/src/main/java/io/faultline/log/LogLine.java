package io.faultline.log;

import io.faultline.fault.TimeBase;

/**
 * One line of a kernel log, its prefixes taken off.
 *
 * @param number number of the line in its input, from 1; of a {@code /dev/kmsg} record, its first
 *     line
 * @param text the message, without time, level, host and quoting, but with the {@code driver
 *     device: } part and the module's own prefix. Escapes of {@code /dev/kmsg} are undone; a record
 *     of several lines gives several of these
 * @param time nanoseconds since what {@code timeBase} names; 0 if the log has no times
 * @param timeBase what the time counts from
 * @param device the {@code DEVICE=} key of a {@code /dev/kmsg} record, for example {@code
 *     +pci:0000:02:00.0}; else null
 * @param verified false if user space wrote the line (facility other than 0), so that it may be
 *     forged
 * @param prefixed whether anything but quoting and blanks was taken off: a line without any prefix
 *     may be the wrapped rest of the one before
 */
public record LogLine(
        long number,
        String text,
        long time,
        TimeBase timeBase,
        String device,
        boolean verified,
        boolean prefixed) {
    /**
     * The same line with another text, such as one that was wrapped and is whole again.
     *
     * @param whole the text instead of this one's
     * @return a line that differs in its text only
     */
    public LogLine withText(String whole) {
        return new LogLine(number, whole, time, timeBase, device, verified, prefixed);
    }
}
