package io.faultline.itest.histogram;

import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;
import org.osgi.service.component.annotations.Component;

/** Records one value and gives back what the histogram made of it. */
@Component
public final class Latencies implements LongUnaryOperator {
    private final Histogram histogram = new Histogram(3);

    @Override
    public long applyAsLong(long nanos) {
        histogram.recordValue(nanos);
        return histogram.getValueAtPercentile(99);
    }
}
