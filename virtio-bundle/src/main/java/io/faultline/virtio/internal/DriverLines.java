package io.faultline.virtio.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import io.faultline.log.LogsOf;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;

/**
 * Reads the lines of Linux' driver, each of which stands for itself:
 *
 * <pre>
 * virtio_iommu virtio0: page fault from EP 8 at 0xfffff000 [W]
 * virtio_iommu virtio0: invalid event buffer (len 16 != 24)
 * viommu_fault_handler: 1330 callbacks suppressed
 * </pre>
 *
 * <p>The endpoint is decimal. At most 10 such lines are printed in 5 s, so patterns are quick
 * enough; none can take long, since a line may hold anything.
 */
@Component
@LogsOf(arch = FaultEvent.ARCH)
public final class DriverLines implements LineDecoder {
    private static final String FUNCTION = "viommu_fault_handler";

    /** Made when the first line is read: most logs have none. */
    private static final class Lines {
        /** The device's name, as dev_err prints it before the message. */
        private static final String NAME = "(?:([\\w.-]{1,64}): )?";

        static final Pattern FAULT =
                Pattern.compile(
                        NAME
                                + "\\b(unknown|domain|page) fault from EP (\\d{1,10})\\b"
                                + "(?: at (?:0x)?(\\p{XDigit}{1,16})\\b(?: \\[(R?)(W?)(X?)])?)?(.*)");

        static final Pattern EVENT_BUFFER =
                Pattern.compile(NAME + "((?:invalid|could not add) event buffer.*)");

        static final Pattern SUPPRESSED =
                Pattern.compile("\\b" + FUNCTION + ": (\\d{1,18}) callbacks suppressed");

        private Lines() {}
    }

    @Override
    public List<String> literals() {
        return List.of("fault from EP ", " event buffer", FUNCTION);
    }

    @Override
    public Session open(String source) {
        return DriverLines::read;
    }

    private static int read(LogLine line, LineSink out) {
        Matcher fault = Lines.FAULT.matcher(line.text());
        Matcher buffer = Lines.EVENT_BUFFER.matcher(line.text());
        Matcher suppressed = Lines.SUPPRESSED.matcher(line.text());
        if (fault.find()) {
            tell(fault, out);
        } else if (buffer.find()) {
            out.unit(FaultEvent.ARCH, buffer.group(1)).queue(FaultEvent.QUEUE);
            out.recordsLost(buffer.group(2).strip() + ": an event, or the room for one, is lost");
        } else if (suppressed.find()) {
            long calls = Long.parseLong(suppressed.group(1)); // one for each fault
            out.unit(FaultEvent.ARCH, null).suppressed(FUNCTION, calls, calls, calls);
        }
        return 0; // no line needs the next one
    }

    private static void tell(Matcher line, LineSink out) {
        int number = FaultEvent.number(line.group(2));
        long endpoint = Long.parseLong(line.group(3));
        boolean known = endpoint >>> Integer.SIZE == 0;
        int attributes = known ? FaultBits.HAS_REQUESTER : 0;
        long iova = 0;
        boolean cut;
        if (line.group(4) == null) {
            cut = !line.group(8).isBlank();
        } else {
            attributes |= FaultBits.HAS_IOVA;
            iova = Long.parseUnsignedLong(line.group(4), 16);
            cut = line.group(5) == null;
        }
        attributes |= flag(line.group(5), FaultBits.READ);
        attributes |= flag(line.group(6), FaultBits.WRITE);
        attributes |= flag(line.group(7), FaultBits.EXEC);
        if (cut) {
            out.truncated();
        }
        out.unit(FaultEvent.ARCH, line.group(1)).queue(FaultEvent.QUEUE);
        out.unrecoverable(
                FaultEvent.reason(number),
                number,
                attributes,
                known ? (int) endpoint : 0,
                Fault.NO_PASID,
                iova,
                0,
                0,
                0,
                0,
                0);
    }

    private static int flag(String letter, int bit) {
        return letter == null || letter.isEmpty() ? 0 : bit;
    }
}
