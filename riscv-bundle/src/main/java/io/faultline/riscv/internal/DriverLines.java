package io.faultline.riscv.internal;

import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;

import io.faultline.fault.Fault;
import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import io.faultline.log.LogsOf;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;

/**
 * Reads the lines of Linux' driver, which stand each for themselves:
 *
 * <pre>
 * riscv-iommu 3010000.iommu: Fault 13 devid: 0x8 iotval: 10003000 iotval2: 0
 * riscv-iommu 3010000.iommu: Queue #1 error; memory fault:0 overflow:1
 * riscv_iommu_fault: 17 callbacks suppressed
 * </pre>
 *
 * <p>The cause is decimal, all else hexadecimal. The record's transaction type is not printed, so
 * the access is the one that the cause names, and a PASID is not told.
 *
 * <p>The driver is rate limited (10 lines in 5 s), so these patterns need not be fast; they are
 * bounded, as a line may hold anything.
 */
@Component
@LogsOf(arch = RiscvIommu.ARCH)
public final class DriverLines implements LineDecoder {
    private static final String FAULT_FUNCTION = "riscv_iommu_fault";

    private static final List<String> LITERALS =
            List.of(" devid: 0x", "error; memory fault:", FAULT_FUNCTION);

    /** Made when the first line is read: most logs have none. */
    private static final class Lines {
        /** The unit's name before a message, as dev_warn prints it. */
        private static final String UNIT = "(?:([\\w.:@/,-]{1,80}):\\s{1,4})?";

        static final Pattern FAULT =
                Pattern.compile(
                        UNIT
                                + "\\bFault\\s{1,4}(\\d{1,4}) devid: 0x(\\p{XDigit}{1,8})\\b"
                                + "(?:\\s{0,4}iotval: (?:0x)?(\\p{XDigit}{1,16})\\b)?"
                                + "(?:\\s{0,4}iotval2: (?:0x)?(\\p{XDigit}{1,16})\\b)?");

        static final Pattern QUEUE_ERROR =
                Pattern.compile(UNIT + "\\bQueue #(\\d) error; memory fault:(\\d) overflow:(\\d)");

        static final Pattern SUPPRESSED =
                Pattern.compile("\\b" + FAULT_FUNCTION + ": (\\d{1,18}) callbacks suppressed");

        private Lines() {}
    }

    /** Keeps no state: a line is a whole event. */
    public DriverLines() {}

    @Override
    public List<String> literals() {
        return LITERALS;
    }

    @Override
    public Session open(String source) {
        return DriverLines::read;
    }

    private static int read(LogLine line, LineSink out) {
        String text = line.text();
        Matcher fault = Lines.FAULT.matcher(text);
        Matcher error = Lines.QUEUE_ERROR.matcher(text);
        Matcher suppressed = Lines.SUPPRESSED.matcher(text);
        if (fault.find()) {
            fault(fault, out);
        } else if (error.find()) {
            queueError(error, out);
        } else if (suppressed.find()) {
            long calls = Long.parseLong(suppressed.group(1)); // one for each fault
            out.unit(RiscvIommu.ARCH, null).suppressed(FAULT_FUNCTION, calls, calls, calls);
        }
        return 0;
    }

    private static void fault(Matcher line, LineSink out) {
        int number = Integer.parseInt(line.group(2));
        if (number == 0 || number > FaultCause.MAX) {
            return; // the driver prints no such cause
        }
        FaultCause cause = FaultCause.of(number);
        long device = Long.parseLong(line.group(3), 16);
        boolean named = number != FaultCause.MSI_WRITE && device <= RiscvIommu.DEVICE_ID_MAX;
        boolean addressed = number != FaultCause.MSI_WRITE && line.group(4) != null;
        int attributes = cause.access();
        attributes |= named ? HAS_REQUESTER : 0;
        attributes |= addressed ? HAS_IOVA : 0;
        long second = 0;
        if (line.group(5) == null) {
            out.truncated();
        } else {
            long iotval2 = Long.parseUnsignedLong(line.group(5), 16);
            attributes |= FaultRecord.place(cause, iotval2);
            second = FaultRecord.guestAddress(cause, iotval2);
        }
        out.unit(RiscvIommu.ARCH, line.group(1))
                .queue(RiscvIommu.FAULT_QUEUE)
                .unrecoverable(
                        cause.reason(),
                        number,
                        attributes,
                        named ? (int) device : 0,
                        Fault.NO_PASID,
                        addressed ? Long.parseUnsignedLong(line.group(4), 16) : 0,
                        second,
                        0,
                        0,
                        0,
                        0);
    }

    /** What a queue holds after an error bit is set is lost, until the driver has cleared it. */
    private static void queueError(Matcher line, LineSink out) {
        boolean memory = !line.group(3).equals("0");
        boolean overflow = !line.group(4).equals("0");
        String error =
                overflow
                        ? "overflowed"
                        : memory ? "met a memory access fault" : "reports an error that is over";
        out.unit(RiscvIommu.ARCH, line.group(1));
        switch (line.group(2)) {
            case "1" -> queue(RiscvIommu.FAULT_QUEUE, "fault", error, memory || overflow, out);
            case "2" ->
                    queue(
                            RiscvIommu.PAGE_REQUEST_QUEUE,
                            "page request",
                            error,
                            memory || overflow,
                            out);
            default -> out.status("the command queue " + error);
        }
    }

    private static void queue(String kind, String name, String error, boolean lost, LineSink out) {
        String what = "the " + name + " queue " + error;
        out.queue(kind);
        if (lost) {
            out.recordsLost(what + ": records were lost, hardware does not count how many");
        } else {
            out.status(what);
        }
    }
}
