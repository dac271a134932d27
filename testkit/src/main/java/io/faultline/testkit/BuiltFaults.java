package io.faultline.testkit;

import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.StopMarker;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes faults apart again, so that a lane can be told what their records would have told it. A
 * record in memory is the number of what is to be said; all else is kept here.
 */
final class BuiltFaults implements RecordDecoder {
    static final int RECORD_BYTES = 32;

    private final List<Consumer<FaultSink>> sayings = new ArrayList<>();

    /** The numbers of the records that make this fault: a group has one for each request. */
    List<Long> records(Fault fault) {
        List<Long> numbers = new ArrayList<>();
        if (fault instanceof PageRequestGroup group) {
            for (int i = 0; i < group.size() - 1; i++) {
                int request = i;
                numbers.add(add(out -> earlierRequest(group, request, out)));
            }
        }
        numbers.add(add(out -> say(fault, out)));
        return numbers;
    }

    private long add(Consumer<FaultSink> saying) {
        sayings.add(saying);
        return sayings.size() - 1L;
    }

    private static void earlierRequest(PageRequestGroup group, int request, FaultSink out) {
        int shared = group.attributes() & ~(FaultBits.LAST | FaultBits.ACCESS_MASK);
        out.pageRequest(
                shared | group.access(request).bits(),
                group.requester(),
                group.pasid(),
                group.groupIndex(),
                group.iova(request),
                0,
                0,
                0,
                0);
    }

    /** Makes the one call that the record of a fault, or of a group's last request, leads to. */
    static void say(Fault fault, FaultSink out) {
        if (fault instanceof UnrecoverableFault unrecoverable) {
            out.unrecoverable(
                    fault.reason(),
                    fault.code(),
                    fault.attributes(),
                    fault.requester(),
                    fault.pasid(),
                    fault.iova(),
                    unrecoverable.ipa()
                            | unrecoverable.fetchAddress()
                            | unrecoverable.interruptIndex(),
                    raw(fault, 0),
                    raw(fault, 1),
                    raw(fault, 2),
                    raw(fault, 3));
        } else if (fault instanceof PageRequestGroup group) {
            sayGroup(group, out);
        } else if (fault instanceof AccessHint hint) {
            out.hint(
                    fault.code(),
                    fault.attributes(),
                    fault.requester(),
                    fault.pasid(),
                    fault.iova(),
                    hint.lengthBytes(),
                    raw(fault, 0),
                    raw(fault, 1),
                    raw(fault, 2),
                    raw(fault, 3));
        } else if (fault instanceof StopMarker marker) {
            out.stopMarker(
                    fault.attributes(),
                    fault.requester(),
                    fault.pasid(),
                    marker.groupIndex(),
                    raw(fault, 0),
                    raw(fault, 1),
                    raw(fault, 2),
                    raw(fault, 3));
        } else {
            throw new IllegalArgumentException("fault of an unknown kind: " + fault);
        }
    }

    private static void sayGroup(PageRequestGroup group, FaultSink out) {
        if (group.stalled()) {
            out.stall(
                    group.reason(),
                    group.code(),
                    group.attributes(),
                    group.requester(),
                    group.pasid(),
                    group.groupIndex(),
                    group.iova(),
                    group.ipa(),
                    raw(group, 0),
                    raw(group, 1),
                    raw(group, 2),
                    raw(group, 3));
        } else {
            out.pageRequest(
                    group.attributes(),
                    group.requester(),
                    group.pasid(),
                    group.groupIndex(),
                    group.iova(),
                    raw(group, 0),
                    raw(group, 1),
                    raw(group, 2),
                    raw(group, 3));
        }
    }

    private static long raw(Fault fault, int word) {
        return word < fault.rawWords() ? fault.raw(word) : 0;
    }

    @Override
    public int recordBytes() {
        return RECORD_BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        sayings.get((int) queue.getLong(at)).accept(out);
    }

    /** Built faults have the common keys only. */
    @Override
    public void describe(Fault fault, KeySink keys) {}
}
