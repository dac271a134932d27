package io.faultline.vtd.internal;

import static io.faultline.fault.FaultBits.HAS_INTERRUPT;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;
import static io.faultline.fault.FaultBits.READ;
import static io.faultline.fault.FaultBits.WRITE;

import io.faultline.fault.Fault;
import io.faultline.log.LineSink;
import java.util.Locale;

/**
 * What a fault line tells, whichever kernel printed it:
 *
 * <pre>
 * DMAR:[DMA Read] Request device [02:00.0] fault addr ffe00000     (up to 4.5, then a second line:)
 * DMAR:[fault reason 06] PTE Read access is not set
 * DMAR: [DMA Read] Request device [02:00.0] PASID ffffffff fault addr ffe00000 [fault reason 06] PTE ...
 * DMAR: [DMA Write PASID 0x12] Request device [0000:6a:01.0] fault addr 0x7f... [fault reason 0x71] SM: ...
 * DMAR: [INTR-REMAP] Request device [0x02:0x00.0] fault index 0x23 [fault reason 0x22] Present ...
 * </pre>
 *
 * <p>What is missing or illegible stays unknown. All numbers but the reason's are hexadecimal, with
 * or without {@code 0x}.
 */
final class FaultLine {
    private static final String REQUEST_DEVICE = "request device";
    private static final int PASID_MAX = 0xf_ffff;
    private static final int INTERRUPT_INDEX_MAX = 0xffff;

    private boolean interrupt;
    private int access;
    private int pasid = Fault.NO_PASID;
    private boolean hasPasidField;
    private LoggedDevice device;

    /** Address or interrupt index. */
    private long target;

    private boolean hasTarget;
    private boolean indexed;
    private LoggedReason reason = LoggedReason.NOT_TOLD;
    private boolean beheaded;

    /** Whether all that was read stood where it belongs, with nothing else in between. */
    private boolean orderly = true;

    private FaultLine() {}

    /**
     * Reads a line.
     *
     * @return what it tells; null if it is no fault line, or only the second line of one
     */
    static FaultLine of(String text) {
        if (text.indexOf('[') < 0) { // every form has brackets
            return null;
        }
        FaultLine line = new FaultLine();
        Scan scan = new Scan(text);
        if (!scan.find(REQUEST_DEVICE)) {
            return line.readBeginning(text) || line.readEnd(text) ? line : null;
        }
        line.readKind(text, scan.at() - REQUEST_DEVICE.length());
        line.readDevice(scan);
        line.readTarget(scan);
        line.readReason(scan);
        return line.hasKind() || line.hasTarget ? line : null;
    }

    /**
     * Reads access and PASID, or that it is an interrupt.
     *
     * @return where that ends, or -1
     */
    private int readKind(String text, int end) {
        Scan scan = new Scan(text);
        while (access == 0 && scan.find("dma", end)) {
            access = scan.skip("read") ? READ : scan.skip("write") ? WRITE : 0;
        }
        if (access == 0) {
            interrupt = scan.at(0).find("intr-remap", end);
            if (!interrupt) {
                return -1;
            }
        }
        int kind = scan.at();
        if (scan.find("pasid", end)) {
            readPasid(scan);
        }
        orderly &= scan.skip("]") || scan.skip(":");
        return kind;
    }

    /** Reads what stands behind the word: nothing behind NO_PASID; ffffffff is none too. */
    private void readPasid(Scan scan) {
        hasPasidField = true;
        if (scan.number() && scan.hex() >= 0 && scan.hex() <= PASID_MAX) {
            pasid = (int) scan.hex();
        }
    }

    private void readDevice(Scan scan) {
        device = LoggedDevice.read(scan);
        orderly &= device != null && scan.skip("]");
    }

    private void readTarget(Scan scan) {
        if (scan.skip("pasid")) { // 5.1 to 5.13
            readPasid(scan);
        }
        int start = scan.at();
        if (!scan.skip("fault")) {
            orderly = false;
            if (!scan.find("fault")) {
                return;
            }
        }
        indexed = scan.skip("index");
        if (!indexed && !scan.skip("addr")) {
            scan.at(start);
            return;
        }
        interrupt |= indexed;
        hasTarget = scan.number();
        target = scan.hex();
        orderly &= hasTarget;
    }

    private void readReason(Scan scan) {
        if (scan.skip(", iommu reg =")) { // Xen up to about 4.14
            scan.number();
        }
        if (!scan.skip("dmar:")) {
            scan.skip("intr-remap:");
        }
        if (!scan.skip("[fault reason")) {
            int start = scan.at();
            if (!scan.find("fault reason")) {
                orderly &= scan.at(start).rest().isEmpty();
                return;
            }
            orderly = false;
        }
        reason = LoggedReason.read(scan);
    }

    /** The beginning of a line that ends before it names the device. */
    private boolean readBeginning(String text) {
        Scan scan = new Scan(text);
        if (!scan.find("[dma") && !scan.find("[intr-remap")) {
            return false;
        }
        int end = readKind(text, text.length());
        if (end < 0) {
            return false;
        }
        String rest = text.substring(end).strip().toLowerCase(Locale.ROOT);
        int bracket = rest.indexOf(']');
        if (bracket >= 0) {
            return (REQUEST_DEVICE + " [").startsWith(rest.substring(bracket + 1).strip());
        }
        return "no_pasid".startsWith(rest) || "pasid".startsWith(rest) || rest.startsWith("pasid");
    }

    /** A line whose beginning is lost: address and reason are enough. */
    private boolean readEnd(String text) {
        Scan scan = new Scan(text);
        if (!scan.find("fault addr") && !scan.find("fault index")) {
            return false;
        }
        int start = Math.max(0, scan.at() - "fault index".length());
        int bracket = text.lastIndexOf('[', start);
        if (bracket < 0) {
            scan.at(start);
        } else {
            readDevice(scan.at(bracket));
        }
        readTarget(scan);
        readReason(scan);
        orderly = false;
        beheaded = true;
        return reason.isTold();
    }

    /** Takes the reason from a second line. */
    void complete(LoggedReason second) {
        reason = second;
    }

    /** Whether this is a fault of interrupt remapping. */
    boolean isInterrupt() {
        return interrupt;
    }

    /** Whether it says what kind of request it was: there a fault line begins. */
    boolean hasKind() {
        return access != 0 || interrupt;
    }

    boolean hasReason() {
        return reason.isTold();
    }

    /** Whether the form is one of 5.1 or later: it says something of the PASID, or has a 0x. */
    boolean isRecent() {
        return hasPasidField || reason.hexadecimal();
    }

    /** Whether nothing can follow: the reason is there with its words. */
    boolean isComplete() {
        return !reason.isCut();
    }

    /**
     * How much could be read without meeting anything unexpected. A line joined with the next one
     * is right if it is more.
     *
     * @return 0 to 6
     */
    int extent() {
        return orderly
                ? count(hasKind())
                        + count(pasid != Fault.NO_PASID)
                        + count(device != null)
                        + count(hasTarget)
                        + count(reason.isTold())
                        + count(reason.isVerbatim())
                : 0;
    }

    private static int count(boolean known) {
        return known ? 1 : 0;
    }

    /** Reports the fault. */
    void tell(LineSink out) {
        out.unit(RecordingRegister.ARCH, null).queue(RecordingRegister.QUEUE);
        int attributes = 0;
        if (device != null) {
            out.device(device.name());
            attributes |= HAS_REQUESTER;
        }
        if (beheaded || reason.isCut()) {
            out.truncated();
        }
        if (interrupt || FaultReason.isInterrupt(reason.number())) {
            // Linux knows 0x20 to 0x26 only and prints the others as if FI were an address.
            long index = indexed ? target : RecordingRegister.interruptIndex(target);
            boolean told = hasTarget && index >= 0 && index <= INTERRUPT_INDEX_MAX;
            int bits = told ? attributes | HAS_INTERRUPT : attributes;
            tell(bits, Fault.NO_PASID, 0, told ? index : 0, out);
        } else {
            int bits = hasTarget ? attributes | HAS_IOVA : attributes;
            tell(bits | access, pasid, hasTarget ? target : 0, 0, out);
        }
    }

    private void tell(int attributes, int faultPasid, long iova, long index, LineSink out) {
        out.unrecoverable(
                FaultReason.of(reason.number()).reason(),
                reason.number(),
                attributes,
                device == null ? 0 : device.requester(),
                faultPasid,
                iova,
                index,
                0,
                0,
                0,
                0);
    }
}
