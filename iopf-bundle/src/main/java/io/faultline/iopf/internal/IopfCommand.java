package io.faultline.iopf.internal;

import io.faultline.fault.Fault;
import org.HdrHistogram.Histogram;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell command {@code faultline:iopf}. */
@Component(
        service = IopfCommand.class,
        property = {"osgi.command.scope=faultline", "osgi.command.function=iopf"})
public final class IopfCommand {
    private final IoPgfault handler;

    /** Called by DS. */
    @Activate
    public IopfCommand(@Reference IoPgfault handler) {
        this.handler = handler;
    }

    /**
     * What io-pgfault did.
     *
     * @return counts, times to answer, and a row for each device and PASID
     */
    public String iopf() {
        StringBuilder text = new StringBuilder();
        Statistics statistics = handler.statistics();
        statistics.totals().forEach((name, n) -> text.append("%-28s %,15d%n".formatted(name, n)));
        Histogram times = statistics.times();
        text.append(
                "time to answer, ns: p50 %,d  p99 %,d  p99.9 %,d  max %,d (%,d timed)%n"
                        .formatted(
                                times.getValueAtPercentile(50),
                                times.getValueAtPercentile(99),
                                times.getValueAtPercentile(99.9),
                                times.getMaxValue(),
                                times.getTotalCount()));
        for (Statistics.Row row : statistics.rows()) {
            text.append(
                    "%s pasid %s: %,d groups, %,d requests, %,d pages, %,d failed%n"
                            .formatted(
                                    row.unit == null
                                            ? "others"
                                            : row.unit + " 0x" + Integer.toHexString(row.requester),
                                    row.pasid == Fault.NO_PASID ? "-" : "" + row.pasid,
                                    row.groups(),
                                    row.requests(),
                                    row.pages(),
                                    row.failed()));
        }
        return text.toString();
    }
}
