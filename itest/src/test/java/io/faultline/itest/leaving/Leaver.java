package io.faultline.itest.leaving;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Batch;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import io.faultline.queue.FaultTap;
import io.faultline.queue.TapBatch;
import io.faultline.queue.Taps;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Everything at once that lanes and taps call into. It counts its calls, and those that begin or
 * end after its deactivation.
 *
 * <p>A record is two words: the group index, then the address.
 */
@Component
@Handles(kinds = "page_request")
@Taps(kinds = "page_request")
@Decodes(arch = "itest", queue = "words")
public final class Leaver implements FaultHandler, FaultTap, RecordDecoder, ResponseEncoder {
    private static final Verdict SUCCESS = Verdict.handled(Response.SUCCESS);
    private static final int REQUESTER = 7;

    private final AtomicLong calls;
    private final AtomicLong late;
    private volatile boolean left;

    @Activate
    public Leaver(
            @Reference(target = "(counts=calls)") AtomicLong calls,
            @Reference(target = "(counts=late)") AtomicLong late) {
        this.calls = calls;
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
    public Verdict handle(Fault fault, FaultContext context) {
        check();
        calls.incrementAndGet();
        check();
        return SUCCESS;
    }

    @Override
    public void endOfBatch(Batch batch) {
        check();
    }

    @Override
    public void notice(Notice notice) {
        check();
    }

    @Override
    public void consume(TapBatch batch) {
        check();
        for (int i = 0; i < batch.size(); i++) {
            batch.fault(i);
        }
        check();
    }

    @Override
    public int recordBytes() {
        return 2 * Long.BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        check();
        long index = queue.getLong(at);
        long iova = queue.getLong(at + Long.BYTES);
        int attributes =
                FaultBits.READ | FaultBits.LAST | FaultBits.HAS_REQUESTER | FaultBits.HAS_IOVA;
        out.pageRequest(
                attributes, REQUESTER, Fault.NO_PASID, (int) index, iova, index, iova, 0, 0);
        check();
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        check();
    }

    @Override
    public int commandBytes() {
        return Long.BYTES;
    }

    @Override
    public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
        check();
        to.putLong(group.groupIndex());
        return true;
    }
}
