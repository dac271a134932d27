package io.faultline.smmuv3.internal;

import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the lines of one log: tells what each one is and hands it to the unit that printed it.
 * Several units interleave, and lines of others come between.
 *
 * <p>A line is known by what it says, wherever that stands in it, since logs are quoted, cut and
 * wrapped on their way into a report. The unit is the word before it.
 */
final class LogSession implements LineDecoder.Session {
    /** Machines have a few dozen at most; hostile text has any number of names. */
    private static final int MAX_UNITS = 64;

    /** Key of the unit whose lines do not name it. */
    private static final String UNNAMED = "";

    private static final String DRIVER = "arm-smmu-v3";
    private static final String XEN_DRIVER = "SMMUv3:";
    private static final String HEADER = "event 0x";
    private static final String HEADER_END = "received";
    private static final int NUMBER_DIGITS = 2;

    private static final Pattern SUPPRESSED =
            Pattern.compile("\\b(arm_smmu_\\w+): (\\d{1,18}) callbacks suppressed");

    /** The functions that are limited by the event or page request, over the kernels' time. */
    private static final Set<String> LIMITED_BY_FAULT =
            Set.of(
                    "arm_smmu_evtq_thread",
                    "arm_smmu_handle_event",
                    "arm_smmu_handle_evt",
                    "arm_smmu_dump_event",
                    "arm_smmu_dump_raw_event",
                    "arm_smmu_priq_thread",
                    "arm_smmu_handle_ppr");

    /** Units by their names, the one least recently seen first. */
    private final Map<String, LoggedUnit> units = new LinkedHashMap<>(16, 0.75f, true);

    /** The unit whose line came last: a line that lost its prefix may be its. */
    private LoggedUnit recent;

    @Override
    public int line(LogLine line, LineSink out) {
        String text = LogText.unescaped(line.text());
        for (LoggedUnit unit : units.values()) {
            unit.advanceTo(line, out);
        }
        LoggedUnit unit = read(line, text, out);
        if (unit == null) {
            unit = readRest(line, text, out);
        }
        if (unit == null && !line.prefixed() && recent != null && recent.joins(line, text, out)) {
            unit = recent;
        }
        int wanted = 0;
        for (LoggedUnit other : units.values()) {
            if (other != unit) {
                other.pass(unit == null, out);
            }
            wanted = Math.max(wanted, other.wanted());
        }
        if (unit != null) {
            recent = unit;
        }
        return wanted;
    }

    @Override
    public void idle(LineSink out) {
        flush(out);
    }

    @Override
    public void end(LineSink out) {
        for (LoggedUnit unit : inOrder()) {
            unit.close(out);
        }
        units.clear();
        recent = null;
    }

    /**
     * Reads a line of an event.
     *
     * @return the unit that printed it; null if it is no such line
     */
    private LoggedUnit read(LogLine line, String text, LineSink out) {
        int at = text.indexOf(EventText.MARKER);
        EventText told = at < 0 ? null : EventText.parse(text, at);
        if (told != null) {
            LoggedUnit unit = unitBefore(text, at, out);
            unit.text(line, text.substring(at), told, out);
            return unit;
        }
        at = LogText.findWord(text);
        if (at >= 0) {
            return readWord(line, text, at, out);
        }
        at = text.indexOf(HEADER);
        if (at >= 0) {
            return readHeader(line, text, at, out);
        }
        at = EventText.Attributes.find(text);
        if (at >= 0) {
            LoggedUnit unit = unitBefore(text, at, out);
            unit.attributes(line, EventText.Attributes.parse(text, at), out);
            return unit;
        }
        return null;
    }

    private LoggedUnit readWord(LogLine line, String text, int at, LineSink out) {
        String name = LogText.unitBefore(text, at);
        LoggedUnit unit = null;
        if (name == null) {
            unit = recent != null && recent.wantsWord() ? recent : null;
        } else if (units.containsKey(name) || isDriverOf(name, text, at)) {
            unit = unit(name, out);
        }
        if (unit != null) {
            unit.word(line, LogText.word(text, at), out);
        }
        return unit;
    }

    private LoggedUnit readHeader(LogLine line, String text, int at, LineSink out) {
        int from = at + HEADER.length();
        int to = LogText.endOfHex(text, from);
        if (to == from || to - from > NUMBER_DIGITS) {
            return null;
        }
        boolean driver = isDriver(text, at);
        String rest = text.substring(to).strip();
        if (!rest.startsWith(HEADER_END) && !(rest.isEmpty() && driver)) {
            return null;
        }
        String name = LogText.unitBefore(text, at);
        LoggedUnit unit = unit(name == null ? UNNAMED : name, out);
        unit.header(line, (int) LogText.hex(text, from, to), driver || name == null, out);
        return unit;
    }

    /** Reads what is rare, and what somebody typed. */
    private LoggedUnit readRest(LogLine line, String text, LineSink out) {
        LoggedUnit unit = readPageRequest(line, text, out);
        if (unit == null) {
            unit = readMessage(line, text, out);
        }
        if (unit == null && !readSuppressed(line, text, out)) {
            String lower = text.toLowerCase(Locale.ROOT);
            return lower.equals(text) ? null : read(line, lower, out);
        }
        return unit;
    }

    private LoggedUnit readPageRequest(LogLine line, String text, LineSink out) {
        int header = text.indexOf(PageRequestText.HEADER);
        int sid = text.indexOf("sid 0x");
        PageRequestText told = sid < 0 ? null : PageRequestText.parse(text, sid);
        if (header < 0 && told == null) {
            return null;
        }
        LoggedUnit unit = unitBefore(text, header < 0 ? sid : header, out);
        if (header >= 0) {
            unit.requestHeader(line, out);
        }
        if (told != null) {
            unit.request(line, told, out);
        }
        return unit;
    }

    private LoggedUnit readMessage(LogLine line, String text, LineSink out) {
        DriverMessage message = DriverMessage.in(text);
        if (message == null) {
            return null;
        }
        int at = message.at(text);
        if (LogText.unitBefore(text, at) != null && !isDriver(text, at)) {
            return null;
        }
        LoggedUnit unit = unitBefore(text, at, out);
        unit.message(line, text, message, out);
        return unit;
    }

    /** Reads what the kernel's limiter says; it names no unit. */
    private boolean readSuppressed(LogLine line, String text, LineSink out) {
        if (!text.contains("callbacks suppressed")) {
            return false;
        }
        Matcher m = SUPPRESSED.matcher(text);
        if (!m.find()) {
            return false;
        }
        String function = m.group(1);
        long calls = Long.parseLong(m.group(2));
        boolean faults = LIMITED_BY_FAULT.contains(function);
        if (!faults && !function.contains("cmdq") && !function.contains("gerror")) {
            return false; // arm_smmu_context_fault and others are SMMUv2's
        }
        flush(out);
        long count = faults ? calls : 0;
        out.at(line).unit(Smmu.ARCH, null).suppressed(function, calls, count, count);
        return true;
    }

    private void flush(LineSink out) {
        for (LoggedUnit unit : inOrder()) {
            unit.flush(out);
        }
    }

    private List<LoggedUnit> inOrder() {
        List<LoggedUnit> order = new ArrayList<>(units.values());
        order.sort(Comparator.comparingLong(LoggedUnit::firstLine));
        return order;
    }

    /** Whether this driver is named in what precedes a message. */
    private static boolean isDriver(String text, int end) {
        return LogText.contains(text, "smmu", end) || LogText.contains(text, "iommu:", end);
    }

    /** Whether the driver names that unit right before the message, and nothing else. */
    private static boolean isDriverOf(String name, String text, int end) {
        int driverEnd = LogText.skipBlanksBack(text, text.lastIndexOf(name, end));
        return !name.isEmpty()
                && (text.startsWith(DRIVER, driverEnd - DRIVER.length())
                        || text.startsWith(XEN_DRIVER, driverEnd - XEN_DRIVER.length()));
    }

    private LoggedUnit unitBefore(String text, int at, LineSink out) {
        String name = LogText.unitBefore(text, at);
        if (name == null || name.isEmpty()) {
            return recent != null && recent.isOpen() ? recent : unit(UNNAMED, out);
        }
        return unit(name, out);
    }

    private LoggedUnit unit(String name, LineSink out) {
        LoggedUnit unit = units.get(name);
        if (unit == null) {
            if (units.size() == MAX_UNITS) {
                LoggedUnit oldest = units.remove(units.keySet().iterator().next());
                oldest.close(out);
            }
            unit = new LoggedUnit(name.isEmpty() ? null : name);
            units.put(name, unit);
        }
        return unit;
    }
}
