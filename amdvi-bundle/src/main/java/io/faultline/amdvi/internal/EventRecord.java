package io.faultline.amdvi.internal;

import static io.faultline.fault.FaultBits.HAS_FETCH;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;

import io.faultline.fault.Fault;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultKeys;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * An event log entry: 16 bytes, little-endian, read as the quadwords {@code q0} and {@code q1}.
 *
 * <pre>
 *     63  60 59    48 47           32 31    20 19    16 15         0
 *    +------+--------+---------------+--------+--------+-----------+
 * q0 | code | flags  |DomainID, PASID|    0   | PASID  | DeviceID  |
 *    +------+--------+---------------+--------+--------+-----------+
 * q1 |                           address                           |
 *    +-------------------------------------------------------------+
 * </pre>
 *
 * <p>Code 0 is an entry that is not in memory yet. INVALID_PPR_REQUEST has PASID and tag where the
 * {@linkplain PprRecord page request} had them; RMP_PAGE_FAULT has flags of its own in 23:16;
 * EVENT_COUNTER_ZERO has a note in place of the address.
 *
 * <p>A line of the kernel log tells the entry field by field. Its fault has the entry as raw words
 * 0 and 1, what was not told zero, and as word 2 what was told: {@link #TOLD_FLAGS} to {@link
 * #TOLD_TAG}.
 *
 * <p>Source: AMD IOMMU specification (48882), "Event Log Entries".
 */
@Component
@Decodes(arch = AmdVi.ARCH, queue = AmdVi.EVENT_LOG)
public final class EventRecord implements RecordDecoder {
    /** The line has the flags. */
    static final int TOLD_FLAGS = 1;

    /** The line has the domain, or what else stands in its place. */
    static final int TOLD_DOMAIN = 1 << 1;

    /** The line has the address. */
    static final int TOLD_ADDRESS = 1 << 2;

    /** The line has the tag of a page request. */
    static final int TOLD_TAG = 1 << 3;

    /** How many raw words the fault of a line has. */
    static final int LINE_WORDS = 3;

    private static final int TOLD_ALL = TOLD_FLAGS | TOLD_DOMAIN | TOLD_ADDRESS | TOLD_TAG;

    /** Keeps no state. */
    public EventRecord() {}

    @Override
    public int recordBytes() {
        return AmdVi.ENTRY_BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long q0 = queue.getLong(at);
        if (AmdVi.code(q0) == AmdVi.NOT_WRITTEN) {
            out.notWritten();
            return;
        }
        VarHandle.acquireFence(); // the address is not older than the code
        decode(q0, queue.getLong(at + Long.BYTES), out);
    }

    /** Decodes an entry whose code is not 0. */
    static void decode(long q0, long q1, FaultSink out) {
        EventType type = EventType.of(AmdVi.code(q0));
        int flags = AmdVi.flags(q0);
        int attributes = access(type, flags);
        long iova = 0;
        long fetch = 0;
        if (type.address() == EventType.Address.INPUT) {
            attributes |= HAS_IOVA;
            iova = type.address(q1);
        } else if (type.address() == EventType.Address.FETCH) {
            attributes |= HAS_FETCH;
            fetch = q1;
        }
        if (type.hasDevice()) {
            attributes |= HAS_REQUESTER;
        }
        out.unrecoverable(
                type.reason(flags),
                AmdVi.code(q0),
                attributes,
                type.hasDevice() ? AmdVi.deviceId(q0) : 0,
                pasid(type, flags, q0),
                iova,
                fetch,
                q0,
                q1,
                0,
                0);
    }

    /** What the flags say was asked for. */
    static int access(EventType type, int flags) {
        if (!type.hasAccess()) {
            return 0;
        }
        int access = EventFlags.access(flags);
        return type == EventType.IO_PAGE_FAULT && access != 0
                ? access | EventFlags.privileged(flags)
                : access;
    }

    /** Whether the flags say that there is a PASID. */
    static boolean hasPasid(EventType type, int flags) {
        return type == EventType.INVALID_PPR_REQUEST
                ? EventFlags.is(flags, EventFlags.REQUEST_GN)
                : type.hasPasid() && EventFlags.is(flags, EventFlags.GN);
    }

    private static int pasid(EventType type, int flags, long q0) {
        if (!hasPasid(type, flags)) {
            return Fault.NO_PASID;
        }
        return place(type, q0);
    }

    /** PASID or domain, 20 bits; a domain has the lower 16. */
    static int place(EventType type, long q0) {
        return type == EventType.INVALID_PPR_REQUEST
                ? AmdVi.requestPasid(q0)
                : domain(q0) | ((int) q0 & 0xf_0000);
    }

    private static int domain(long q0) {
        return (int) (q0 >>> 32) & 0xffff;
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        EventType type = EventType.of(fault.code());
        int words = fault.rawWords();
        long q0 = words > 0 ? fault.raw(0) : 0;
        long q1 = words > 1 ? fault.raw(1) : 0;
        boolean line = words == LINE_WORDS;
        int told = line ? (int) fault.raw(2) : words > 0 ? TOLD_ALL : 0;
        AmdVi.describeSource(fault, keys);
        if (type == EventType.OTHER) {
            keys.none("event");
        } else {
            keys.text("event", type.name());
        }
        boolean numbered = fault.code() != EventType.NOT_TOLD;
        FaultKeys.number(keys, "arch_code", numbered, fault.code());
        keys.text("detail", fault.reason().word());
        describeFlags(type, q0, told, keys);
        describePlace(type, q0, told, keys);
        boolean addressed = (told & TOLD_ADDRESS) != 0;
        switch (type.address()) {
            case FETCH -> FaultKeys.address(keys, "fetch", addressed, q1);
            case COMMAND -> FaultKeys.address(keys, "command", addressed, type.address(q1));
            case NOTE -> FaultKeys.address(keys, "counter_note", addressed, counterNote(q1));
            case INPUT -> {}
        }
        if (line && type.address() != EventType.Address.INPUT) {
            FaultKeys.address(keys, "addr", addressed, q1); // as the line calls it
        }
        keys.text("description", sentence(fault, type, q0, told));
    }

    private static void describeFlags(EventType type, long q0, int told, KeySink keys) {
        boolean flagged = (told & TOLD_FLAGS) != 0;
        int flags = AmdVi.flags(q0);
        FaultKeys.number(keys, "flags", flagged, flags);
        if (!flagged) {
            return;
        }
        if (type == EventType.IO_PAGE_FAULT) {
            keys.flag("interrupt", EventFlags.is(flags, EventFlags.I));
        }
        if (type.hasErrorType()) {
            keys.number("error_type", EventFlags.errorType(flags));
        }
        if (type == EventType.INVALID_DEVICE_REQUEST) {
            keys.number("request_type", EventFlags.requestType(flags));
        }
    }

    /** What stands in the place of the domain, and in that of the PASID's upper bits. */
    private static void describePlace(EventType type, long q0, int told, KeySink keys) {
        boolean placed = (told & TOLD_DOMAIN) != 0;
        FaultKeys.number(keys, "domain", placed && hasDomain(type, q0), domain(q0));
        if (type.hasGuestTag()) {
            FaultKeys.number(keys, "vmg_tag", placed, domain(q0));
        }
        if (type == EventType.RMP_PAGE_FAULT) {
            FaultKeys.number(keys, "flags_rmp", placed, q0 >>> 16 & 0xff);
        }
        if (type == EventType.INVALID_PPR_REQUEST && (told & TOLD_TAG) != 0) {
            keys.flag("last", AmdVi.isLast(q0));
            keys.number("grpid", AmdVi.groupIndex(q0));
        }
    }

    private static boolean hasDomain(EventType type, long q0) {
        return type.hasDomain() && !EventFlags.is(AmdVi.flags(q0), EventFlags.GN);
    }

    /** Bits 51:32 stand in the lower half, bits 31:0 in the upper one. */
    private static long counterNote(long q1) {
        return (q1 & 0xf_ffff) << 32 | q1 >>> 32;
    }

    private static String sentence(Fault fault, EventType type, long q0, int told) {
        int flags = AmdVi.flags(q0);
        boolean flagged = (told & TOLD_FLAGS) != 0;
        StringBuilder text = new StringBuilder(128).append(type.meaning());
        if (type == EventType.OTHER && fault.code() != EventType.NOT_TOLD) {
            text.append(" with the reserved code 0x").append(Integer.toHexString(fault.code()));
        }
        AmdVi.appendSource(fault, text);
        if ((told & TOLD_DOMAIN) != 0 && hasDomain(type, q0)) {
            text.append(" domain 0x").append(Integer.toHexString(domain(q0)));
        }
        if (fault.hasIova()) {
            text.append(" at 0x").append(Long.toHexString(fault.iova()));
        }
        if (fault.access().bits() != 0) {
            text.append(' ').append(fault.access());
        }
        if (flagged && type == EventType.INVALID_DEVICE_REQUEST) {
            text.append(": ").append(EventFlags.request(flags));
        } else if (flagged && type.hasErrorType() && EventFlags.hardwareError(flags) != null) {
            text.append(": ").append(EventFlags.hardwareError(flags));
        }
        return flagged
                ? text.append(String.format(" (flags 0x%04x)", flags)).toString()
                : text.toString();
    }

    @Override
    public QueueState state(long producer, long consumer, int slots) {
        return LogOffsets.state(producer, consumer, slots);
    }
}
