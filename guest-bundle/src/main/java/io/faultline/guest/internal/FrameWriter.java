package io.faultline.guest.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Collects what one write takes to a guest. Neighbours of one kind share a frame; a frame holds
 * whole groups.
 *
 * <p>Records are those of Linux' uapi/linux/iommufd.h (6.11): {@code iommu_hwpt_pgfault}, {@code
 * iommufd_vevent_header}.
 */
final class FrameWriter {
    private static final int PASID_VALID = 1;
    private static final int LAST_PAGE = 1 << 1;
    private static final int LOST_EVENTS = 1;
    private static final int EVENT_HEADER = 8;
    private static final int LONGEST_EVENT = EVENT_HEADER + 32;

    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(4 * Frame.LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    private int start = -1;
    private int type;
    private int recordBytes;
    private int count;

    /** What is to be written. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** How many groups there is room for, however large; with one event more than that. */
    int room(int largestGroup) {
        int each = 2 * Frame.HEADER + 2 * LONGEST_EVENT + largestGroup * Frame.FAULT_BYTES;
        return buffer.remaining() / each;
    }

    /** How many events there is room for, each with what was lost before it. */
    int eventRoom() {
        return buffer.remaining() / (2 * (Frame.HEADER + LONGEST_EVENT));
    }

    void group(PageRequestGroup group, int device, int cookie) {
        int size = group.size();
        room(Frame.FAULTS, Frame.FAULT_BYTES, size);
        int pasid = group.pasid() == Fault.NO_PASID ? 0 : group.pasid();
        int flags = group.pasid() == Fault.NO_PASID ? 0 : PASID_VALID;
        for (int i = 0; i < size; i++) {
            buffer.putInt(i + 1 == size ? flags | LAST_PAGE : flags)
                    .putInt(device)
                    .putInt(pasid)
                    .putInt(group.groupIndex())
                    .putInt(group.access(i).bits())
                    .putInt(0)
                    .putLong(group.iova(i))
                    .putInt(0)
                    .putInt(cookie);
        }
    }

    /** Puts an event whose record is somewhere else, in words of 8 bytes. */
    void event(ByteBuffer from, int at, int bytes, int sequence) {
        room(Frame.EVENTS, EVENT_HEADER + bytes, 1);
        buffer.putInt(0).putInt(sequence);
        for (int i = 0; i < bytes; i += Long.BYTES) {
            buffer.putLong(from.getLong(at + i));
        }
    }

    void lost(int sequence) {
        room(Frame.EVENTS, EVENT_HEADER, 1);
        buffer.putInt(LOST_EVENTS).putInt(sequence);
    }

    void withdrawn(int cookie, int reason) {
        room(Frame.WITHDRAWN, Frame.WITHDRAWN_BYTES, 1);
        buffer.putInt(cookie).putInt(reason);
    }

    /** How many withdrawn groups there is room for. */
    int withdrawnRoom() {
        return buffer.remaining() / (2 * (Frame.HEADER + Frame.WITHDRAWN_BYTES));
    }

    /** Goes on in the open frame, or begins one. */
    private void room(int wanted, int bytes, int records) {
        if (start >= 0
                && (type != wanted
                        || recordBytes != bytes
                        || buffer.position() - start + records * bytes > Frame.LONGEST)) {
            endFrame();
        }
        if (start < 0) {
            start = buffer.position();
            type = wanted;
            recordBytes = bytes;
            count = 0;
            Frame.begin(buffer, 0, wanted, 0);
        }
        count += records;
    }

    void endFrame() {
        if (start >= 0) {
            buffer.putInt(start, buffer.position() - start);
            buffer.putShort(start + 6, (short) count);
            start = -1;
        }
    }
}
