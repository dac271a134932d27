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
 * <p>What is missing or illegible stays unknown. The reason is decimal up to 5.13 and hexadecimal
 * with {@code 0x} since then; all else is hexadecimal.
 */
final class FaultLine {
    private static final String REQUEST_DEVICE = "request device";
    private static final int INTERRUPT_INDEX_MAX = 0xffff;

    private boolean interrupt;
    private boolean indexed;
    private int access;
    private int pasid = Fault.NO_PASID;
    private String device;
    private int requester;
    private boolean hasTarget;
    private long target;
    private int reason = FaultReason.NOT_TOLD;
    private String words = "";
    private boolean recent;
    private boolean beheaded;
    private boolean named;

    /** Whether all that was read stood where it belongs, with nothing else in between. */
    private boolean orderly = true;

    private FaultLine() {}

    /**
     * Reads a line.
     *
     * @return what it tells; null if it is no fault line, or only the second line of one
     */
    static FaultLine of(String text) {
        FaultLine line = new FaultLine();
        Scan scan = new Scan(text);
        if (!scan.find(REQUEST_DEVICE)) {
            return line.readBeginning(text) || line.readEnd(text) ? line : null;
        }
        line.readKind(text, scan.at() - REQUEST_DEVICE.length());
        line.readDevice(scan);
        line.readTarget(scan);
        line.readReason(scan);
        boolean told = line.access != 0 || line.interrupt || line.hasTarget;
        return told ? line : null;
    }

    /**
     * Reads the second line of a fault: what up to 4.5 stood there, or what Xen prints.
     *
     * @return the reason and whether it is one of interrupt remapping; null if it is no such line
     */
    static FaultLine ofReason(String text) {
        FaultLine line = new FaultLine();
        Scan scan = new Scan(text);
        line.interrupt = scan.find("intr-remap");
        if (scan.at(0).find("[fault reason")) {
            String before = text.substring(0, scan.at() - "[fault reason".length()).strip();
            line.named = before.endsWith("DMAR:") || before.endsWith("INTR-REMAP:");
            line.readReasonNumber(scan);
        } else if (scan.find("dmar: reason") || scan.find("intr-remap: reason")) {
            line.named = true;
            line.readXenReason(scan);
        }
        return line.reason == FaultReason.NOT_TOLD ? null : line;
    }

    /** Access and PASID, or that it is an interrupt. Returns where that ends, or -1. */
    private int readKind(String text, int end) {
        Scan scan = new Scan(text);
        while (scan.find("dma", end)) {
            access = scan.skip("read") ? READ : scan.skip("write") ? WRITE : 0;
            if (access != 0) {
                int kind = scan.at();
                if (scan.find("pasid", end)) { // NO_PASID has no number behind it
                    recent = true;
                    readPasid(scan);
                }
                return kind;
            }
        }
        interrupt = scan.at(0).find("intr-remap", end);
        return interrupt ? scan.at() : -1;
    }

    private void readPasid(Scan scan) {
        if (scan.number() && scan.hex() >= 0 && scan.hex() <= 0xf_ffff) { // ffffffff is none
            pasid = (int) scan.hex();
        }
    }

    /** {@code [02:00.0]}, also with segment, with 0x in the brackets, or with two of them. */
    private void readDevice(Scan scan) {
        int start = scan.at();
        scan.skip("[");
        scan.skip("[");
        if (!readDeviceNumbers(scan)) {
            scan.at(start);
            orderly = false; // masked, or cut
            return;
        }
        orderly &= scan.skip("]");
    }

    private boolean readDeviceNumbers(Scan scan) {
        if (!scan.number()) {
            return false;
        }
        long segment = 0;
        long bus = scan.hex();
        String name = scan.digits();
        if (!scan.skip(":") || !scan.number()) {
            return false;
        }
        long slot = scan.hex();
        name += ":" + scan.digits();
        if (scan.skip(":")) {
            if (!scan.number()) {
                return false;
            }
            segment = bus;
            bus = slot;
            slot = scan.hex();
            name += ":" + scan.digits();
        }
        if (!scan.skip(".") || !scan.number()) {
            return false;
        }
        long function = scan.hex();
        if (segment >>> 16 != 0 || bus >>> 8 != 0 || slot >>> 5 != 0 || function >>> 3 != 0) {
            return false;
        }
        device = name + "." + scan.digits();
        requester = SourceId.of((int) segment, (int) bus, (int) slot, (int) function);
        return true;
    }

    private void readTarget(Scan scan) {
        if (scan.skip("pasid")) { // 5.1 to 5.13
            recent = true;
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
        readReasonNumber(scan);
    }

    private void readReasonNumber(Scan scan) {
        if (!scan.number()) {
            return;
        }
        boolean prefixed = scan.prefixed();
        long hex = scan.hex();
        long decimal = scan.decimal();
        scan.skip("]");
        words = scan.rest();
        recent |= prefixed;
        reason = prefixed || decimal < 0 ? number(hex) : number(decimal);
        if (!prefixed && !isPrinted(reason) && isPrinted(number(hex))) {
            reason = number(hex); // a kernel that leaves out the 0x
        }
    }

    /** Whether the words belong to a reason, as far as they go. */
    private boolean isPrinted(int number) {
        FaultReason entry = FaultReason.of(number);
        return entry.isPrintedAs(words) || entry.isCut(words);
    }

    private void readXenReason(Scan scan) {
        if (scan.number()) {
            reason = number(scan.hex());
            scan.skip("-");
            words = scan.rest();
        }
    }

    private static int number(long told) {
        return told >= 0 && told <= 0xff ? (int) told : FaultReason.NOT_TOLD;
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
        orderly = bracket >= 0;
        return bracket < 0
                ? "no_pasid".startsWith(rest) || rest.startsWith("pasid")
                : (REQUEST_DEVICE + " [").startsWith(rest.substring(bracket + 1).strip());
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
        return reason != FaultReason.NOT_TOLD;
    }

    /**
     * Takes the reason from a second line.
     *
     * @param second what {@link #ofReason} gave
     */
    void complete(FaultLine second) {
        reason = second.reason;
        words = second.words;
        recent |= second.recent;
    }

    /** Whether this is a fault of interrupt remapping. */
    boolean isInterrupt() {
        return interrupt;
    }

    /** Whether it says what kind of request it was: the place where a fault line begins. */
    boolean hasKind() {
        return access != 0 || interrupt;
    }

    /** Whether this is a second line that says so itself, and not perhaps a wrapped rest. */
    boolean isNamedReason() {
        return named;
    }

    boolean hasReason() {
        return reason != FaultReason.NOT_TOLD;
    }

    /** Whether the form is one of 5.1 or later: it says something of the PASID, or has a 0x. */
    boolean isRecent() {
        return recent;
    }

    /** Whether nothing can follow: the reason is there with its words. */
    boolean isComplete() {
        return hasReason() && !FaultReason.of(reason).isCut(words) && !words.isEmpty();
    }

    /**
     * How much could be read without meeting anything unexpected. A line joined with the next one
     * is right if it is more.
     *
     * @return 0 to 5
     */
    int extent() {
        return orderly
                ? count(hasKind())
                        + count(device != null)
                        + count(hasTarget)
                        + count(hasReason())
                        + count(hasReason() && FaultReason.of(reason).isPrintedAs(words))
                : 0;
    }

    private static int count(boolean known) {
        return known ? 1 : 0;
    }

    /** Reports the fault. */
    void tell(LineSink out) {
        out.unit(RecordingRegister.ARCH, null).queue(RecordingRegister.QUEUE).device(device);
        if (beheaded || !isComplete()) {
            out.truncated();
        }
        int attributes = device == null ? 0 : HAS_REQUESTER;
        if (interrupt || FaultReason.isInterrupt(reason)) {
            // Linux knows 0x20 to 0x26 only and prints the others as if FI were an address.
            long index = indexed ? target : RecordingRegister.interruptIndex(target);
            boolean told = hasTarget && index >= 0 && index <= INTERRUPT_INDEX_MAX;
            tell(attributes | (told ? HAS_INTERRUPT : 0), Fault.NO_PASID, 0, told ? index : 0, out);
        } else {
            tell(
                    attributes | access | (hasTarget ? HAS_IOVA : 0),
                    pasid,
                    hasTarget ? target : 0,
                    0,
                    out);
        }
    }

    private void tell(int attributes, int faultPasid, long iova, long index, LineSink out) {
        out.unrecoverable(
                FaultReason.of(reason).reason(),
                reason,
                attributes,
                requester,
                faultPasid,
                iova,
                index,
                0,
                0,
                0,
                0);
    }
}
