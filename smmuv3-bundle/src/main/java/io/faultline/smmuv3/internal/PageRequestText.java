package io.faultline.smmuv3.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.hardware.FaultSink;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line that follows {@code unexpected PRI request received:}.
 *
 * <pre>
 * sid 0x00000100.0x0002a: [17L] unprivileged RW access at iova 0x00007f0012346000
 * </pre>
 *
 * @param stream StreamID
 * @param substream SubstreamID; the driver prints 0 where SSV is clear
 * @param group page request group index, 0 to 511
 * @param attributes access and L as bits of {@link FaultBits}
 * @param page page address
 */
record PageRequestText(int stream, int substream, int group, int attributes, long page) {
    /** How the line before it begins. */
    static final String HEADER = "unexpected PRI request received";

    private static final Pattern LINE =
            Pattern.compile(
                    "sid 0x(\\p{XDigit}{1,8})\\.0x(\\p{XDigit}{1,5}):\\s*\\[(\\d{1,3})(L?)]"
                            + "\\s*(un)?privileged\\s+(R?)(W?)(X?)\\s*access at iova"
                            + "\\s*0x(\\p{XDigit}{1,16})");

    /**
     * Reads the line.
     *
     * @return null if it is none
     */
    static PageRequestText parse(String line, int from) {
        Matcher m = LINE.matcher(line);
        if (!m.find(from)) {
            return null;
        }
        int group = Integer.parseInt(m.group(3));
        int attributes =
                bitIf(m, 4, FaultBits.LAST)
                        | (m.group(5) == null ? FaultBits.PRIV : 0)
                        | bitIf(m, 6, FaultBits.READ)
                        | bitIf(m, 7, FaultBits.WRITE)
                        | bitIf(m, 8, FaultBits.EXEC);
        return group > PriRecord.MAX_GROUP_INDEX
                ? null
                : new PageRequestText(
                        Integer.parseUnsignedInt(m.group(1), 16),
                        Integer.parseInt(m.group(2), 16),
                        group,
                        attributes,
                        Long.parseUnsignedLong(m.group(9), 16));
    }

    private static int bitIf(Matcher m, int group, int bit) {
        return m.group(group).isEmpty() ? 0 : bit;
    }

    /**
     * Says what it says. A request without R and W that is the last one of a PASID is a stop
     * marker: the driver does not know them. With 0 for the SubstreamID it may be a request without
     * PASID, and is taken for that.
     */
    void tell(FaultSink out) {
        int known = FaultBits.HAS_REQUESTER;
        int pasid = substream == 0 ? Fault.NO_PASID : substream;
        int deciding = attributes & (FaultBits.LAST | FaultBits.READ | FaultBits.WRITE);
        if (pasid != Fault.NO_PASID && deciding == FaultBits.LAST) {
            out.stopMarker(known | FaultBits.LAST, stream, pasid, group, 0, 0, 0, 0);
        } else {
            known |= FaultBits.HAS_IOVA;
            out.pageRequest(known | attributes, stream, pasid, group, page, 0, 0, 0, 0);
        }
    }
}
