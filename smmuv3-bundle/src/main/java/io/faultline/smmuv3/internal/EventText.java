package io.faultline.smmuv3.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.FaultClass;
import java.util.Locale;

/**
 * What the line in words says that Linux prints behind the four raw words since about 6.14:
 *
 * <pre>
 * event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x0 iova: 0x90000f040 ipa: 0x0
 * event: F_CD_FETCH client: 0000:01:00.0 sid: 0x100 ssid: 0x0 fetch_addr: 0x40003000
 * </pre>
 *
 * <p>Any rest of such a line may be missing: lines are cut and wrapped on their way into a report.
 *
 * @param event the event; {@link EventType#RESERVED} for {@code UNKNOWN} and what we do not know
 * @param client the device, or null if no device owns the stream
 * @param stream StreamID, or {@link #ABSENT}
 * @param substream SubstreamID, 0 if there is none, or {@link #ABSENT}
 * @param iova input address; meaningful with {@code hasIova}
 * @param hasIova whether the line has one
 * @param second IPA or fetch address
 * @param hasSecond whether the line has one, to its end
 */
record EventText(
        EventType event,
        String client,
        long stream,
        long substream,
        long iova,
        boolean hasIova,
        long second,
        boolean hasSecond) {
    /** How the line begins. */
    static final String MARKER = "event: ";

    /** What {@link #stream} and {@link #substream} hold when the line does not have them. */
    static final long ABSENT = -1;

    private static final String UNASSIGNED = "(unassigned sid)";

    /**
     * Reads the line from its marker on.
     *
     * @return null if no event is named behind the marker
     */
    static EventText parse(String line, int marker) {
        int from = marker + MARKER.length();
        int to = from;
        while (to < line.length() && isNamePart(line.charAt(to))) {
            to++;
        }
        String name = line.substring(from, to).toUpperCase(Locale.ROOT);
        EventType event = EventType.named(name);
        if (event == EventType.RESERVED && !name.equals("UNKNOWN") && !name.matches("[CFE]_\\w+")) {
            return null;
        }
        Field stream = Field.of(line, to, " sid:");
        Field substream = Field.of(line, to, " ssid:");
        Field iova = Field.of(line, to, " iova:");
        Field second = Field.of(line, to, iova.present ? " ipa:" : " fetch_addr:");
        return new EventText(
                event,
                client(line, to),
                stream.present ? stream.value : ABSENT,
                substream.present ? substream.value : ABSENT,
                iova.value,
                iova.present,
                second.value,
                second.present);
    }

    /** Whether everything that belongs into a line of this event was there. */
    boolean whole() {
        return stream != ABSENT && substream != ABSENT && hasIova == hasIova(event) && hasTail();
    }

    private boolean hasTail() {
        return hasSecond || !(hasIova(event) || (event.present & FaultBits.HAS_FETCH) != 0);
    }

    /** Whether the driver prints a second line in words for this event. */
    boolean attributesFollow() {
        return hasIova(event);
    }

    /** Whether this can be what the driver said of that record. */
    boolean describes(long w0, long w2) {
        EventType recorded = EventType.of(EventRecord.number(w0));
        // the driver calls UNKNOWN whatever it has no name for
        return (event == recorded || event == EventType.RESERVED)
                && (stream == ABSENT || (int) stream == EventRecord.streamId(w0))
                && (!hasIova || !hasSecond || iova == w2);
    }

    /** StreamID, 0 if the line does not say. */
    int requester() {
        return stream == ABSENT ? 0 : (int) stream;
    }

    /**
     * SubstreamID, or {@link Fault#NO_PASID}. The driver prints 0 where SSV is clear, so 0 does not
     * tell whether there is one.
     */
    int pasid() {
        return substream > 0 && substream <= 0xf_ffff ? (int) substream : Fault.NO_PASID;
    }

    /**
     * What the line carries, as bits of {@link FaultBits}; whether the IPA means anything is told
     * by the line behind it.
     */
    int present() {
        return (stream == ABSENT ? 0 : FaultBits.HAS_REQUESTER)
                | (hasIova ? FaultBits.HAS_IOVA : 0)
                | (hasSecond && !hasIova ? FaultBits.HAS_FETCH : 0);
    }

    /** Of the events that the driver names, only those that can stall have an address. */
    private static boolean hasIova(EventType event) {
        return event.canStall();
    }

    private static String client(String line, int from) {
        int label = line.indexOf("client: ", from);
        if (label < 0) {
            return null;
        }
        int start = label + "client: ".length();
        int sid = line.indexOf(" sid", start);
        if (line.startsWith(UNASSIGNED, start)) {
            return null;
        }
        String client = (sid < 0 ? line.substring(start) : line.substring(start, sid)).strip();
        return client.isEmpty() ? null : client;
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    /** A number behind its label. {@code %#x} prints zero without {@code 0x}. */
    private record Field(boolean present, long value) {
        private static final Field NONE = new Field(false, 0);

        static Field of(String line, int from, String label) {
            int at = line.indexOf(label, from);
            if (at < 0) {
                return NONE;
            }
            int start = at + label.length();
            while (start < line.length() && LogText.isBlank(line.charAt(start))) {
                start++;
            }
            if (line.startsWith("0x", start)) {
                start += 2;
            }
            int end = LogText.endOfHex(line, start);
            return end == start || end - start > LogText.WORD_DIGITS
                    ? NONE
                    : new Field(true, LogText.hex(line, start, end));
        }
    }

    /**
     * The line behind it, which the driver prints for the events that can stall:
     *
     * <pre>
     * unpriv data write s1 "Input address caused fault" stag: 0x0
     * priv inst read s2 "Stage 1 translation table fetch" ttd_read stall stag: 0x1f
     * </pre>
     *
     * @param attributes access, stage and class as bits of {@link FaultBits}
     * @param stalled whether the transaction waits for an answer
     * @param tag stall tag, 0 to 65535
     */
    record Attributes(int attributes, boolean stalled, int tag) {
        /** Nothing told. */
        static final Attributes NONE = new Attributes(0, false, 0);

        private static final String TAG = "stag:";

        /** Where such a line begins in a line, or -1. */
        static int find(String line) {
            int priv = line.indexOf("priv ");
            boolean staged = line.indexOf(" s1 \"", priv) >= 0 || line.indexOf(" s2 \"", priv) >= 0;
            if (priv < 0 || !staged) {
                return -1;
            }
            return priv >= 2 && line.startsWith("un", priv - 2) ? priv - 2 : priv;
        }

        static Attributes parse(String line, int from) {
            int attributes = line.startsWith("un", from) ? 0 : FaultBits.PRIV;
            attributes |= line.indexOf(" inst ", from) >= 0 ? FaultBits.EXEC : 0;
            attributes |= line.indexOf(" read ", from) >= 0 ? FaultBits.READ : FaultBits.WRITE;
            boolean stage2 = line.indexOf(" s2 \"", from) >= 0;
            attributes |= stage2 ? FaultBits.STAGE_2 : FaultBits.STAGE_1;
            int quote = line.indexOf('"', from) + 1;
            attributes |= FaultBits.of(faultClass(line, quote));
            Field tag = Field.of(line, quote, TAG);
            boolean stalled = tag.present && line.indexOf(" stall ", quote) >= 0;
            return new Attributes(attributes, stalled, (int) tag.value & 0xffff);
        }

        private static FaultClass faultClass(String line, int at) {
            if (line.startsWith("CD", at)) {
                return FaultClass.CONTEXT_FETCH;
            }
            if (line.startsWith("Stage 1", at)) {
                return FaultClass.TABLE_WALK;
            }
            if (line.startsWith("Input", at)) {
                return FaultClass.INPUT;
            }
            return line.startsWith("Reserved", at) ? FaultClass.RESERVED : FaultClass.NONE;
        }
    }
}
