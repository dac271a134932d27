package io.faultline.amdvi.internal;

import static io.faultline.amdvi.internal.EventRecord.TOLD_ADDRESS;
import static io.faultline.amdvi.internal.EventRecord.TOLD_DOMAIN;
import static io.faultline.amdvi.internal.EventRecord.TOLD_FLAGS;
import static io.faultline.amdvi.internal.EventRecord.TOLD_TAG;
import static io.faultline.fault.FaultBits.HAS_FETCH;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;

import io.faultline.fault.Fault;
import io.faultline.fault.Reason;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An event as a line tells it, whichever kernel printed it:
 *
 * <pre>
 * AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x000d address=0x00000000fdf80000 flags=0x0020]
 * nvme 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000f address=0xfff00000 flags=0x0000]
 * iommu ivhd0: AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=0000:0b:00.0 address=0x1002147e0]
 * AMD-Vi: Event logged [RMP_HW_ERROR device=0000:02:00.0, vmg_tag=0x0001, spa=0x1000, flags=0x0001]
 * AMD-Vi: Event logged [UNKNOWN event[0]=0x00000100 event[1]=0xb0000000 event[2]=0x00000000 event[3]=0x00000000
 * </pre>
 *
 * <p>The entry is put together again from the fields. What is missing or illegible stays unknown.
 * In front stands the device, or the unit.
 */
final class LoggedEvent {
    private static final String UNKNOWN = "unknown";
    private static final String UNKNOWN_EVENT = UNKNOWN + " event[0]";
    private static final String UNIT_PREFIX = "ivhd";

    /** How the driver introduces itself behind the device or unit. */
    private static final String DRIVER = "AMD-Vi:";

    /** By name, lower case: Linux' names, and Xen's where they differ. */
    private static final Map<String, EventType> BY_NAME = byName();

    private String unit;
    private LoggedDevice device;
    private EventType type = EventType.OTHER;
    private int code = EventType.NOT_TOLD;
    private int flags;
    private long place;
    private long tag;
    private int rmpFlags;
    private long address;
    private int told;
    private final long[] words = new long[4];

    /** The first quadword of an entry that is told by its words. */
    private long entry;

    private int wordsTold;
    private boolean truncated;
    private int strayWords;

    /**
     * Begins an event.
     *
     * @param prefix what stands before its first words
     */
    LoggedEvent(String prefix) {
        String owner = owner(prefix);
        device = LoggedDevice.of(owner);
        unit = owner.startsWith(UNIT_PREFIX) ? owner : null;
    }

    private static Map<String, EventType> byName() {
        Map<String, EventType> names = new HashMap<>();
        for (EventType type : EventType.values()) {
            if (type != EventType.OTHER) {
                names.put(type.name().toLowerCase(Locale.ROOT), type);
            }
        }
        names.put(UNKNOWN, EventType.OTHER);
        names.put("dev_table_hw_error", EventType.DEV_TAB_HARDWARE_ERROR);
        names.put("page_table_hw_error", EventType.PAGE_TAB_HARDWARE_ERROR);
        names.put("command_hw_error", EventType.COMMAND_HARDWARE_ERROR);
        names.put("invalid_dev_request", EventType.INVALID_DEVICE_REQUEST);
        return names;
    }

    /** The last word before the driver's name, without its colon. */
    private static String owner(String prefix) {
        int driver = prefix.lastIndexOf(DRIVER);
        String before = (driver < 0 ? prefix : prefix.substring(0, driver)).stripTrailing();
        int end = before.endsWith(":") ? before.length() - 1 : before.length();
        return before.substring(before.lastIndexOf(' ', end - 1) + 1, end);
    }

    /** Whether the driver says its name in what stands before the first words. */
    static boolean isOurs(String prefix) {
        return prefix.contains("AMD-Vi") || prefix.contains("AMD IOMMU");
    }

    /**
     * Finds the name of an event, and moves behind it.
     *
     * @param begun whether the first words of one were read: the driver has a name for what it does
     *     not know that others have, too
     * @return the name in lower case, or null
     */
    static String findName(LineText scan, boolean begun) {
        for (Map.Entry<String, EventType> each : BY_NAME.entrySet()) {
            if (each.getValue() != EventType.OTHER && scan.find(each.getKey())) {
                return each.getKey();
            }
        }
        String unknown = begun ? UNKNOWN : UNKNOWN_EVENT;
        return scan.find(unknown) ? unknown : null;
    }

    /** Whether that is the name of an event. */
    static boolean isName(String name) {
        return typeOf(name) != null;
    }

    private static EventType typeOf(String name) {
        return BY_NAME.get(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Reads the event's name, which comes next.
     *
     * @return false if it is none that we know
     */
    boolean readName(LineText scan) {
        EventType named = typeOf(scan.word());
        if (named == null) {
            return false;
        }
        type = named;
        code = named.code();
        return true;
    }

    /** Whether anything beside the name could be read. */
    boolean hasFields() {
        return (told | wordsTold) != 0 || (type == EventType.OTHER && code >= 0);
    }

    /** Takes over what stood before the first words, on a line of its own. */
    void begunBy(LoggedEvent head) {
        unit = head.unit;
        device = device == null ? head.device : device;
    }

    /** A device that is attached to no domain did DMA; that is all that is told beside its name. */
    LoggedEvent unattached() {
        type = EventType.IO_PAGE_FAULT;
        code = type.code();
        return this;
    }

    boolean isTruncated() {
        return truncated;
    }

    /** How much could be read. A line joined with the next one is right if it is more. */
    int extent() {
        return Integer.bitCount(told)
                + Integer.bitCount(wordsTold)
                + (type == EventType.OTHER ? 0 : 1)
                + (device == null ? 0 : 1)
                + (truncated ? 0 : 1);
    }

    /** Whether more of this line could be read than of the other, or with less in between. */
    boolean isBetterThan(LoggedEvent other) {
        return extent() != other.extent()
                ? extent() > other.extent()
                : strayWords < other.strayWords;
    }

    LoggedEvent truncated() {
        truncated = true;
        return this;
    }

    LoggedEvent whole() {
        truncated = false;
        return this;
    }

    /** Reads all fields up to the closing bracket. */
    void readFields(LineText fields) {
        while (fields.nextField()) {
            readField(fields);
        }
        strayWords = fields.strayWords();
        if (wordsTold != 0) {
            truncated = wordsTold != 0xf;
            takeWords();
        } else {
            truncated = !fields.isClosed();
        }
    }

    private void readField(LineText field) {
        if (field.isKey("device")) {
            device = LoggedDevice.of(field.value());
        } else if (field.isKey("address") || field.isKey("gpa") || field.isKey("spa")) {
            if (field.isNumber(Long.SIZE)) {
                address = field.hex();
                told |= TOLD_ADDRESS;
            }
        } else if (field.isKey("flags")) {
            if (field.isNumber(12)) {
                flags = (int) field.hex();
                told |= TOLD_FLAGS;
            }
        } else if (field.isKey("domain") || field.isKey("pasid") || field.isKey("vmg_tag")) {
            if (field.isNumber(20)) {
                place = field.hex();
                told |= TOLD_DOMAIN;
            }
        } else if (field.isKey("tag")) {
            if (field.isNumber(10)) {
                tag = field.hex();
                told |= TOLD_TAG;
            }
        } else if (field.isKey("flags_rmp")) {
            rmpFlags = field.isNumber(12) ? (int) field.hex() & 0xff : 0;
        } else if (field.isKey("type")) { // up to 4.9, of an event without a name
            if (field.isNumber(4)) {
                code = (int) field.hex();
                type = EventType.of(code);
            }
        } else {
            readWord(field);
        }
    }

    /** The words of an event whose code the kernel does not know. */
    private void readWord(LineText field) {
        for (int i = 0; i < words.length; i++) {
            if (field.isKey("event[" + i + "]") && field.isNumber(Integer.SIZE)) {
                words[i] = field.hex();
                wordsTold |= 1 << i;
            }
        }
    }

    /** Takes the event from its words, as far as they are there. */
    private void takeWords() {
        if ((wordsTold & 0b11) != 0b11) {
            return;
        }
        long q0 = words[1] << 32 | words[0];
        code = AmdVi.code(q0) == AmdVi.NOT_WRITTEN ? EventType.NOT_TOLD : AmdVi.code(q0);
        type = EventType.of(code);
        flags = AmdVi.flags(q0);
        entry = q0;
        place = EventRecord.place(type, q0);
        if (type.hasDevice()) {
            int id = AmdVi.deviceId(q0);
            device = new LoggedDevice(AmdVi.bdf(id), id);
        }
        told = TOLD_FLAGS | TOLD_DOMAIN | TOLD_TAG;
        if ((wordsTold & 0b1100) == 0b1100) {
            address = words[3] << 32 | words[2];
            told |= TOLD_ADDRESS;
        }
    }

    /** Takes the fields as Xen tells them. */
    LoggedEvent xen(LoggedDevice from, long domain, long at, int newFlags) {
        unattached();
        device = from;
        place = domain;
        address = at;
        flags = newFlags;
        told = TOLD_FLAGS | TOLD_DOMAIN | TOLD_ADDRESS;
        return this;
    }

    /** Reports the event at its first line. */
    void tell(LogLine line, LineSink out) {
        out.unit(AmdVi.ARCH, unit).queue(AmdVi.EVENT_LOG);
        if (wordsTold == 0xf && code != EventType.NOT_TOLD) {
            EventRecord.decode(words[1] << 32 | words[0], words[3] << 32 | words[2], out.words(2));
            return;
        }
        if (device == null) {
            device = LoggedDevice.ofRecord(line.device());
        }
        if (truncated) {
            out.truncated();
        }
        if (device != null) {
            out.device(device.name());
        }
        boolean flagged = (told & TOLD_FLAGS) != 0;
        boolean addressed = (told & TOLD_ADDRESS) != 0;
        boolean input = addressed && type.address() == EventType.Address.INPUT;
        boolean fetch = addressed && type.address() == EventType.Address.FETCH;
        boolean withPasid =
                flagged && (told & TOLD_DOMAIN) != 0 && EventRecord.hasPasid(type, flags);
        int attributes =
                (device == null ? 0 : HAS_REQUESTER)
                        | (input ? HAS_IOVA : 0)
                        | (fetch ? HAS_FETCH : 0)
                        | (flagged ? EventRecord.access(type, flags) : 0);
        out.words(EventRecord.LINE_WORDS)
                .unrecoverable(
                        reason(flagged),
                        code,
                        attributes,
                        device == null ? 0 : device.requester(),
                        withPasid ? (int) place : Fault.NO_PASID,
                        input ? type.address(address) : 0,
                        fetch ? address : 0,
                        firstQuadword(),
                        address,
                        told,
                        0);
    }

    private Reason reason(boolean flagged) {
        return type == EventType.IO_PAGE_FAULT && !flagged ? Reason.UNKNOWN : type.reason(flags);
    }

    /** The entry's first quadword, as far as the line tells it. */
    private long firstQuadword() {
        if (entry != 0) {
            return entry;
        }
        long q0 = (long) Math.max(0, code) << 60 | (long) flags << 48;
        q0 |= device == null ? 0 : AmdVi.deviceId(device.requester());
        if (type == EventType.INVALID_PPR_REQUEST) {
            return q0 | tag << 32 | (place & 0xffff) << 16 | place >> 16 << 42;
        }
        return q0 | (place & 0xffff) << 32 | place >> 16 << 16 | (long) rmpFlags << 16;
    }
}
