package io.faultline.mm.internal;

import io.faultline.fault.Access;
import io.faultline.fault.FaultBits;
import io.faultline.mm.Area;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Areas as text, as in {@code /proc/PID/maps}:
 *
 * <pre>
 * 00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/dbus-daemon
 * 7ffd0a3c0000-7ffd0a3e1000 rw-p
 * </pre>
 *
 * <p>All behind the rights may be missing. A fifth letter of the rights, {@code k}, is ours:
 * privileged.
 *
 * <p>Source: proc_pid_maps(5); Linux, Documentation/filesystems/proc.rst.
 */
final class MapsText {
    /** A path in it may be 4096 bytes long; nothing longer is such a line. */
    private static final int LONGEST_LINE = 8192;

    private static final Pattern LINE =
            Pattern.compile(
                    "(?:0x)?(\\p{XDigit}{1,16})-(?:0x)?(\\p{XDigit}{1,16})\\s+"
                            + "([r-])([w-])([x-])([ps])(k?)"
                            + "(?:\\s+(\\p{XDigit}{1,16})"
                            + "(?:\\s+\\p{XDigit}{2,}:\\p{XDigit}{2,}\\s+(\\d{1,20})(?:\\s+(.*))?)?)?");

    private MapsText() {}

    /**
     * Reads areas.
     *
     * @throws IllegalArgumentException names the line and what is wrong with it
     */
    static List<Area> parse(String text) {
        List<Area> areas = new ArrayList<>();
        int number = 0;
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            number++;
            String line = end - at > LONGEST_LINE ? null : text.substring(at, end).strip();
            if (line == null) {
                throw new IllegalArgumentException(
                        "line " + number + ": longer than " + LONGEST_LINE + " characters");
            }
            if (!line.isEmpty() && !line.startsWith("#")) {
                areas.add(line(line, number));
            }
            if (areas.size() > Areas.MOST) {
                throw new IllegalArgumentException(
                        "line " + number + ": more than " + Areas.MOST + " areas");
            }
            at = end + 1;
        }
        return areas;
    }

    private static Area line(String line, int number) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw wrong(number, line, "expected START-END rwxp [OFFSET DEV INODE [PATH]]");
        }
        long start = Long.parseUnsignedLong(parts.group(1), 16);
        long end = Long.parseUnsignedLong(parts.group(2), 16);
        // the end is exclusive; 0 is what 2^64 becomes
        long length = end - start;
        if ((end != 0 && Long.compareUnsigned(end, start) <= 0) || length == 0) {
            throw wrong(number, line, "ends before it begins");
        }
        String offset = parts.group(8);
        String inode = parts.group(9);
        String path = parts.group(10);
        boolean file = inode != null && !inode.matches("0+");
        try {
            return new Area(
                    start,
                    length,
                    rights(parts),
                    backing(parts.group(6).equals("s"), file),
                    offset == null ? 0 : Long.parseUnsignedLong(offset, 16),
                    path == null ? "" : path);
        } catch (IllegalArgumentException e) {
            throw wrong(number, line, e.getMessage());
        }
    }

    private static IllegalArgumentException wrong(int number, String line, String why) {
        String shown = line.length() > 80 ? line.substring(0, 80) + "…" : line;
        return new IllegalArgumentException("line " + number + ": " + why + ": " + shown);
    }

    private static Access rights(Matcher parts) {
        int bits = parts.group(3).equals("r") ? FaultBits.READ : 0;
        bits |= parts.group(4).equals("w") ? FaultBits.WRITE : 0;
        bits |= parts.group(5).equals("x") ? FaultBits.EXEC : 0;
        bits |= parts.group(7).isEmpty() ? 0 : FaultBits.PRIV;
        return Access.of(bits);
    }

    private static Area.Backing backing(boolean shared, boolean file) {
        if (shared) {
            return Area.Backing.SHARED;
        }
        return file ? Area.Backing.COPY_ON_WRITE : Area.Backing.DEMAND_ZERO;
    }

    /** An area as a line that {@link #parse} reads. */
    static String line(Area area) {
        Access rights = area.rights();
        String text =
                "%x-%x %s%s%s%s%s %08x 00:00 %d %s"
                        .formatted(
                                area.start(),
                                area.last() + 1,
                                rights.isRead() ? "r" : "-",
                                rights.isWrite() ? "w" : "-",
                                rights.isExecute() ? "x" : "-",
                                area.backing() == Area.Backing.SHARED ? "s" : "p",
                                rights.isPrivileged() ? "k" : "",
                                area.offset(),
                                area.backing() == Area.Backing.COPY_ON_WRITE ? 1 : 0,
                                area.name());
        return text.strip();
    }
}
