package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Verdict;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.osgi.util.pushstream.PushEvent;
import org.osgi.util.pushstream.PushStream;
import org.osgi.util.pushstream.PushStreamProvider;
import org.osgi.util.pushstream.QueuePolicyOption;
import org.osgi.util.pushstream.SimplePushEventSource;

/** OSGi PushStream: a source with its buffer and thread, each handler but the last a filter. */
final class PushStreamWay implements Way {
    private static final int BUFFER = 1024;

    private final PushStreamProvider provider = new PushStreamProvider();
    private SimplePushEventSource<Fault> source;
    private Progress last;
    private long sent;

    @Override
    public void to(List<Counting> handlers) {
        close();
        source =
                provider.<Fault, BlockingQueue<PushEvent<? extends Fault>>>buildSimpleEventSource(
                                Fault.class)
                        .withBuffer(new ArrayBlockingQueue<>(BUFFER))
                        .withQueuePolicy(QueuePolicyOption.BLOCK)
                        .build();
        PushStream<Fault> stream = provider.buildStream(source).unbuffered().build();
        for (Counting handler : handlers.subList(0, handlers.size() - 1)) {
            stream = stream.filter(fault -> handler.handle(fault, null) == Verdict.PASSED);
        }
        last = new Progress(handlers.get(handlers.size() - 1));
        sent = 0;
        stream.forEach(last::handle);
    }

    @Override
    public void run(Fault[] faults) {
        for (Fault fault : faults) {
            source.publish(fault);
        }
        sent += faults.length;
        last.await(sent);
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
