package io.faultline.driverlogs.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import io.faultline.log.LogsOf;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * Reads trace events about faults, as {@code /sys/kernel/tracing/trace}, {@code trace-cmd report}
 * and {@code perf script} print them. Each stands for itself:
 *
 * <pre>
 * io_page_fault: IOMMU:nvme 0000:05:00.0 iova=0x0000000091482640 flags=0x0000
 * prq_report: dmar0/0000:6a:01.0 seq# 12: rid=0x6a08 addr=0x7f12 rwx-l pasid=0x1 index=0x3
 * qi_submit: page_grp_resp dmar0: 0x0000000100000019 0x0000000000000018 0x0 0x0
 * dev_fault: IOMMU:0000:05:00.0 type=2 reason=0 addr=0x... fetch=0x... pasid=1 group=3 flags=3 perm=1
 * dev_page_response: IOMMU:0000:05:00.0 code=0 pasid=1 group=3
 * </pre>
 *
 * <p>Lines that say how many events were lost are the scanner's.
 */
@Component
@LogsOf(arch = TraceLog.ARCH)
public final class TraceLog implements LineDecoder {
    static final String ARCH = "trace";

    private static final String IO_PAGE_FAULT = "io_page_fault:";
    private static final String PRQ_REPORT = "prq_report:";
    private static final String QI_SUBMIT = "qi_submit:";
    private static final String PAGE_GROUP_RESPONSE = "page_grp_resp";
    private static final String DEV_FAULT = "dev_fault:";
    private static final String DEV_PAGE_RESPONSE = "dev_page_response:";
    private static final String IOMMU = "IOMMU:";

    private static final int PAGE_SHIFT = 12;
    private static final int PASID_MAX = 0xf_ffff;

    /** The types of {@code struct iommu_fault}, 5.3 to 6.8. */
    private static final int UNRECOVERABLE = 1;

    private static final int PAGE_REQUEST = 2;

    /** {@code IOMMU_FAULT_*_PASID_VALID}, of both types. */
    private static final int PASID_VALID = 1;

    private static final int ADDRESS_VALID = 1 << 1;
    private static final int FETCH_VALID = 1 << 2;
    private static final int LAST_PAGE = 1 << 1;

    /** By the number of {@code enum iommu_fault_reason}. */
    private static final Reason[] REASONS = {
        Reason.UNKNOWN,
        Reason.PASID_TABLE_FETCH,
        Reason.BAD_PASID_ENTRY,
        Reason.PASID_INVALID,
        Reason.WALK_FETCH,
        Reason.NOT_PRESENT,
        Reason.PERMISSION,
        Reason.ACCESS_FLAG,
        Reason.ADDRESS_SIZE
    };

    /** Keeps no state. */
    public TraceLog() {}

    @Override
    public List<String> literals() {
        return List.of(
                IO_PAGE_FAULT, PRQ_REPORT, PAGE_GROUP_RESPONSE, DEV_FAULT, DEV_PAGE_RESPONSE);
    }

    @Override
    public Session open(String source) {
        return TraceLog::read;
    }

    private static int read(LogLine line, LineSink out) {
        String text = line.text();
        int at;
        if ((at = text.indexOf(IO_PAGE_FAULT)) >= 0) {
            ioPageFault(line, text.indexOf(IOMMU, at), out);
        } else if ((at = text.indexOf(PRQ_REPORT)) >= 0) {
            pageRequest(text, at + PRQ_REPORT.length(), out);
        } else if ((at = text.indexOf(DEV_FAULT)) >= 0) {
            deviceFault(text, text.indexOf(IOMMU, at), out);
        } else if ((at = text.indexOf(DEV_PAGE_RESPONSE)) >= 0) {
            deviceResponse(line, text.indexOf(IOMMU, at), out);
        } else if ((at = text.indexOf(PAGE_GROUP_RESPONSE)) >= 0 && text.contains(QI_SUBMIT)) {
            pageGroupResponse(line, at + PAGE_GROUP_RESPONSE.length(), out);
        }
        return 0;
    }

    /** The driver's name comes first; it can be empty. */
    private static void ioPageFault(LogLine line, int iommu, LineSink out) {
        String text = line.text();
        int from = iommu + IOMMU.length();
        int iova = iommu < 0 ? -1 : text.indexOf(" iova=", from);
        if (iova < 0) {
            return;
        }
        String names = text.substring(from, iova).strip();
        int blank = names.lastIndexOf(' ');
        Told told = new Told(ARCH).device(names.substring(blank + 1));
        if (blank > 0) {
            told.text("driver", names.substring(0, blank).strip());
        }
        if (number(text, "iova=", iova) == null) {
            told.truncated();
        } else {
            told.address(number(text, "iova=", iova));
        }
        Long flags = number(text, "flags=", iova);
        if (flags == null) {
            told.truncated();
        } else {
            told.access((flags & 1) == 0 ? FaultBits.READ : FaultBits.WRITE);
        }
        told.fault(line, out);
    }

    /** The address is a page's number. */
    private static void pageRequest(String text, int from, LineSink out) {
        int names = Text.skipBlanks(text, from);
        int slash = text.indexOf('/', names);
        int end = Text.endOfWord(text, names);
        if (slash < 0 || slash > end) {
            return;
        }
        String unit = text.substring(names, slash);
        out.unit(ARCH, unit).device(text.substring(slash + 1, end));
        Long requester = number(text, "rid=", end);
        Long page = number(text, "addr=", end);
        Long index = number(text, "index=", end);
        String letters = page == null ? "" : wordBehind(text, "addr=", end);
        if (requester == null || index == null || letters.length() < 5) {
            out.truncated().status("a page request whose end is missing");
            return;
        }
        int attributes =
                FaultBits.HAS_REQUESTER
                        | FaultBits.HAS_IOVA
                        | letter(letters, 'r', FaultBits.READ)
                        | letter(letters, 'w', FaultBits.WRITE)
                        | letter(letters, 'x', FaultBits.EXEC)
                        | letter(letters, 'p', FaultBits.PRIV)
                        | letter(letters, 'l', FaultBits.LAST);
        Long seq = number(text, "seq#", end);
        if (seq != null) {
            out.keys(keys -> keys.number("seq", seq));
        }
        request(
                attributes,
                requester.intValue(),
                pasid(number(text, "pasid=", end)),
                index.intValue(),
                page << PAGE_SHIFT,
                out);
    }

    private static void request(
            int attributes, int requester, int pasid, int index, long iova, LineSink out) {
        int access = attributes & FaultBits.ACCESS_MASK;
        boolean asks = (access & (FaultBits.READ | FaultBits.WRITE)) != 0;
        if (!asks && (attributes & FaultBits.LAST) != 0) {
            out.stopMarker(attributes, requester, pasid, index, 0, 0, 0, 0);
        } else {
            out.pageRequest(attributes, requester, pasid, index, iova, 0, 0, 0, 0);
        }
    }

    private static int letter(String letters, char letter, int bit) {
        return letters.indexOf(letter) >= 0 ? bit : 0;
    }

    private static int pasid(Long value) {
        return value == null || value < 0 || value > PASID_MAX ? Fault.NO_PASID : value.intValue();
    }

    private static String wordBehind(String text, String name, int from) {
        int value = Text.skipBlanks(text, Text.find(text, name, from));
        int word = Text.skipBlanks(text, Text.endOfWord(text, value));
        return text.substring(word, Text.endOfWord(text, word));
    }

    private static void deviceFault(String text, int iommu, LineSink out) {
        if (iommu < 0 || number(text, "type=", iommu) == null) {
            return;
        }
        int from = iommu + IOMMU.length();
        long type = number(text, "type=", iommu);
        long flags = orZero(hex(text, "flags=", iommu)); // %x: 10 is 0x10
        Long perm = permission(text, iommu);
        int access = (int) orZero(perm) & FaultBits.ACCESS_MASK;
        int pasid =
                (flags & PASID_VALID) == 0 ? Fault.NO_PASID : pasid(number(text, "pasid=", iommu));
        long address = orZero(number(text, "addr=", iommu));
        out.unit(ARCH, null).device(text.substring(from, Text.endOfWord(text, from)));
        if (perm == null) {
            out.truncated();
        }
        if (type == PAGE_REQUEST) {
            int last = (flags & LAST_PAGE) != 0 ? FaultBits.LAST : 0;
            int index = (int) orZero(number(text, "group=", iommu));
            request(access | last | FaultBits.HAS_IOVA, 0, pasid, index, address, out);
        } else if (type == UNRECOVERABLE) {
            unrecoverable(text, iommu, flags, access, pasid, address, out);
        } else {
            out.malformed("unknown_type", type, flags, 0, 0);
        }
    }

    private static void unrecoverable(
            String text, int from, long flags, int access, int pasid, long address, LineSink out) {
        boolean hasAddress = (flags & ADDRESS_VALID) != 0;
        boolean hasFetch = (flags & FETCH_VALID) != 0;
        long code = orZero(number(text, "reason=", from));
        Reason reason = code >= 0 && code < REASONS.length ? REASONS[(int) code] : Reason.UNKNOWN;
        if (reason != Reason.UNKNOWN) {
            out.keys(keys -> keys.text("detail", reason.word()));
        }
        out.unrecoverable(
                reason,
                (int) code,
                access
                        | (hasAddress ? FaultBits.HAS_IOVA : 0)
                        | (hasFetch ? FaultBits.HAS_FETCH : 0),
                0,
                pasid,
                hasAddress ? address : 0,
                hasFetch ? orZero(number(text, "fetch=", from)) : 0,
                0,
                0,
                0,
                0);
    }

    private static void deviceResponse(LogLine line, int iommu, LineSink out) {
        if (iommu >= 0) {
            int from = iommu + IOMMU.length();
            String device = line.text().substring(from, Text.endOfWord(line.text(), from));
            new Told(ARCH).device(device).detail(line, out);
        }
    }

    /** The answer as Linux gave it to the hardware; Intel VT-d, page group response descriptor. */
    private static void pageGroupResponse(LogLine line, int from, LineSink out) {
        String text = line.text();
        int name = Text.skipBlanks(text, from);
        int colon = text.indexOf(':', name);
        int first = colon < 0 ? -1 : Text.skipBlanks(text, colon + 1);
        int firstEnd = first < 0 ? -1 : Text.endOfHex(text, first);
        int second = firstEnd < 0 ? -1 : Text.skipBlanks(text, firstEnd);
        int secondEnd = second < 0 ? -1 : Text.endOfHex(text, second);
        if (secondEnd < 0) {
            return;
        }
        long w0 = Text.hex(text, first, firstEnd);
        long w1 = Text.hex(text, second, secondEnd);
        Told told = new Told(ARCH).unit(text.substring(name, colon));
        told.requester(w0 >>> 16 & 0xffff);
        if ((w0 & 1 << 4) != 0) {
            told.number("pasid", w0 >>> 32 & PASID_MAX);
        }
        told.number("grpid", w1 >>> 3 & 0x1ff).number("code", w0 >>> 12 & 0xf);
        told.detail(line, out);
    }

    /** Its name differs between trees: {@code perm=} and {@code prot=}. */
    private static Long permission(String text, int from) {
        Long perm = number(text, "perm=", from);
        return perm == null ? number(text, "prot=", from) : perm;
    }

    private static Long number(String text, String name, int from) {
        int start = valueOf(text, name, from);
        int end = start < 0 ? start : Text.endOfNumber(text, start);
        return end < 0 ? null : (Long) Text.number(text, start, end);
    }

    private static Long hex(String text, String name, int from) {
        int start = valueOf(text, name, from);
        int end = start < 0 ? start : Text.endOfHex(text, start);
        return end < 0 ? null : (Long) Text.hex(text, start, end);
    }

    private static int valueOf(String text, String name, int from) {
        int at = Text.find(text, name, from);
        return at < 0 ? at : Text.skipBlanks(text, at);
    }

    private static long orZero(Long value) {
        return value == null ? 0 : value;
    }
}
