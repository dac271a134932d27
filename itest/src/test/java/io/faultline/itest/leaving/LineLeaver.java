package io.faultline.itest.leaving;

import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import io.faultline.log.LogsOf;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** What readers of logs call into; counts as {@link Leaver} does. */
@Component
@LogsOf(arch = "itest")
public final class LineLeaver implements LineDecoder {
    private final AtomicLong lines;
    private final AtomicLong late;
    private volatile boolean left;

    @Activate
    public LineLeaver(
            @Reference(target = "(counts=lines)") AtomicLong lines,
            @Reference(target = "(counts=late)") AtomicLong late) {
        this.lines = lines;
        this.late = late;
    }

    @Deactivate
    void leave() {
        left = true;
    }

    private void check() {
        if (left) {
            late.incrementAndGet();
        }
    }

    @Override
    public List<String> literals() {
        check();
        return List.of("itest: ");
    }

    @Override
    public Session open(String source) {
        check();
        return new OneLine();
    }

    private final class OneLine implements Session {
        @Override
        public int line(LogLine line, LineSink out) {
            check();
            lines.incrementAndGet();
            out.unit("itest", "log").status(line.text());
            check();
            return 0;
        }

        @Override
        public void idle(LineSink out) {
            check();
        }

        @Override
        public void end(LineSink out) {
            check();
        }
    }
}
