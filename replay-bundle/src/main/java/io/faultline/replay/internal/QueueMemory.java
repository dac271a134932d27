package io.faultline.replay.internal;

import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A dump of a queue's memory as it was, slots that nobody had written included. */
final class QueueMemory implements Recording.QueueDump {
    private final String name;
    private final QueueName queue;
    private final byte[] bytes;
    private final SideFile side;

    /**
     * @param side what the file beside it says, or null
     */
    QueueMemory(String name, QueueName queue, byte[] bytes, SideFile side) {
        this.name = name;
        this.queue = queue;
        this.bytes = bytes;
        this.side = side;
    }

    @Override
    public QueueName queue() {
        return queue;
    }

    /**
     * With index registers beside the dump exactly the records between them; else all up to a
     * trailing run of zeroes, which nobody had written.
     */
    @Override
    public Dump framed(RecordDecoder decoder) throws IOException {
        int recordBytes = decoder.recordBytes();
        if (side != null && side.entryBytes() >= 0 && side.entryBytes() != recordBytes) {
            throw new IOException(
                    name
                            + ": entry_size="
                            + side.entryBytes()
                            + " beside it, but a record of "
                            + queue
                            + " has "
                            + recordBytes
                            + " bytes: set queue=arch:queue");
        }
        List<String> remarks = new ArrayList<>();
        byte[] memory = inSlots(decoder);
        int slots = memory.length / recordBytes;
        if (memory.length % recordBytes != 0) {
            remarks.add(
                    name
                            + ": ends with "
                            + memory.length % recordBytes
                            + " of "
                            + recordBytes
                            + " bytes of a record, which are left out");
        }
        QueueState state =
                side != null && side.hasIndices() ? state(decoder, slots, remarks) : null;
        if (state == null) {
            int records = written(memory, recordBytes);
            return Dump.of(memory, recordBytes, 0, records, times(records, remarks), remarks);
        }
        byte[] ring = Arrays.copyOf(memory, queueSlots(slots) * recordBytes);
        int records = state.count();
        return Dump.of(ring, recordBytes, state.first(), records, times(records, remarks), remarks);
    }

    /** The times beside the dump, if there is one for each record, or null. */
    private RecordTimes times(int records, List<String> remarks) {
        RecordTimes times = side == null ? null : side.times();
        if (times != null && times.records() != records) {
            remarks.add(
                    name
                            + ": "
                            + times.records()
                            + " times beside it, but "
                            + records
                            + " records; the times are not used");
            return null;
        }
        return times;
    }

    /** What the registers say, or null (with a remark) if they do not fit the dump. */
    private QueueState state(RecordDecoder decoder, int slots, List<String> remarks) {
        int queueSlots = queueSlots(slots);
        String registers =
                name
                        + ": producer=0x"
                        + Long.toHexString(side.producer())
                        + " consumer=0x"
                        + Long.toHexString(side.consumer());
        String instead = "; all written records are played";
        try {
            QueueState state = decoder.state(side.producer(), side.consumer(), queueSlots);
            if (state == null) {
                return null; // a queue without indices
            }
            if (state.inconsistent()) {
                remarks.add(registers + " contradict each other (queue_inconsistent)" + instead);
                return null;
            }
            boolean inFile = slots >= queueSlots || state.first() + (long) state.count() <= slots;
            if (!inFile) {
                remarks.add(
                        registers
                                + ": of the queue's "
                                + queueSlots
                                + " slots the file has "
                                + slots
                                + instead);
            }
            return inFile ? state : null;
        } catch (IllegalArgumentException e) {
            remarks.add(registers + ": " + e.getMessage() + instead);
            return null;
        }
    }

    /** How many slots the queue has, of which the file holds {@code slots}. */
    private int queueSlots(int slots) {
        return side.slots() >= 0 ? (int) side.slots() : slots;
    }

    /** The dump, with records that are shorter than a slot filled up. */
    private byte[] inSlots(RecordDecoder decoder) {
        int slotBytes = decoder.recordBytes();
        ByteBuffer stream = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream slots = new ByteArrayOutputStream();
        int at = 0;
        int filled = 0; // bytes that stand in the slots unchanged and are not copied yet
        while (bytes.length - at >= Long.BYTES) {
            int recordBytes = decoder.recordBytes(stream, at);
            if (recordBytes < Long.BYTES || recordBytes > bytes.length - at) {
                break;
            }
            at += recordBytes;
            if (recordBytes < slotBytes) {
                slots.write(bytes, filled, at - filled);
                slots.writeBytes(new byte[slotBytes - recordBytes]);
                filled = at;
            }
        }
        if (filled == 0) {
            return bytes;
        }
        slots.write(bytes, filled, bytes.length - filled);
        return slots.toByteArray();
    }

    private static int written(byte[] memory, int recordBytes) {
        int end = memory.length / recordBytes * recordBytes;
        while (end > 0 && memory[end - 1] == 0) {
            end--;
        }
        return (end + recordBytes - 1) / recordBytes;
    }
}
