package io.faultline.testkit;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.hardware.FaultKeys;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;

/**
 * What a decoder says of one record.
 *
 * <p>The record is laid into the middle of a queue's memory with other bytes around it, and what
 * {@link RecordDecoder#decode} promises is checked: exactly one call of the sink, position, limit
 * and content of the memory left as they were. A record that is cut short is malformed ({@code
 * short_record}) without the decoder being asked, as everywhere in the platform.
 */
public final class Decoded {
    private static final int BEFORE = 72;
    private static final byte OTHER = (byte) 0xa5;

    private final RecordDecoder decoder;

    /** The record, at its place in the queue; null if it is cut short. */
    private final ByteBuffer queue;

    private final Fault fault;
    private final String malformed;
    private final PageRequestGroup request;
    private final String other;
    private final boolean empty;

    private Decoded(
            RecordDecoder decoder,
            ByteBuffer queue,
            Fault fault,
            String malformed,
            PageRequestGroup request,
            String other,
            boolean empty) {
        this.decoder = decoder;
        this.queue = queue;
        this.other = other;
        this.fault = fault;
        this.malformed = malformed;
        this.request = request;
        this.empty = empty;
    }

    /**
     * Decodes a record of a unit named {@code test0} that answers.
     *
     * @param decoder the decoder
     * @param record the bytes in memory order
     * @return what it says
     * @throws AssertionError if the decoder breaks a promise
     */
    public static Decoded of(RecordDecoder decoder, byte[] record) {
        return of(decoder, origin("test", "test"), record);
    }

    /**
     * Decodes a record of a given origin.
     *
     * @param decoder the decoder
     * @param origin where the fault is said to come from
     * @param record the bytes in memory order
     * @return what it says
     * @throws AssertionError if the decoder breaks a promise
     */
    public static Decoded of(RecordDecoder decoder, Origin origin, byte[] record) {
        int length = length(decoder, record);
        if (record.length < length) {
            return new Decoded(decoder, null, null, "short_record", null, null, false);
        }
        ByteBuffer queue = queue(record, length);
        ByteBuffer before = ByteBuffer.allocate(queue.capacity()).put(queue.duplicate().clear());
        int position = queue.position();
        int limit = queue.limit();
        RecordingSink sink = new RecordingSink(origin, decoder.recordBytes());

        decoder.decode(queue, BEFORE, sink);

        String hex = HexFormat.of().formatHex(record);
        check(sink.calls() == 1, sink.calls() + " calls of the sink for one record", hex);
        check(queue.position() == position, "the queue's position was moved", hex);
        check(queue.limit() == limit, "the queue's limit was moved", hex);
        check(queue.duplicate().clear().equals(before.clear()), "the queue was written", hex);
        return of(decoder, queue, sink);
    }

    /** As readers of dumps do it: the first bytes tell how long a record is. */
    private static int length(RecordDecoder decoder, byte[] record) {
        return record.length < Long.BYTES
                ? decoder.recordBytes()
                : decoder.recordBytes(ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN), 0);
    }

    private static Decoded of(RecordDecoder decoder, ByteBuffer queue, RecordingSink sink) {
        if (!sink.faults().isEmpty()) {
            return new Decoded(decoder, queue, sink.faults().get(0), null, null, null, false);
        }
        if (!sink.malformed().isEmpty()) {
            RecordingSink.Malformed why = sink.malformed().get(0);
            return new Decoded(decoder, queue, null, why.why(), why.request(), null, false);
        }
        if (!sink.noFaults().isEmpty()) {
            return new Decoded(decoder, queue, null, null, null, sink.noFaults().get(0), false);
        }
        boolean empty = sink.emptyRecords() == 1;
        String malformed = empty ? null : "not_written";
        return new Decoded(decoder, queue, null, malformed, null, null, empty);
    }

    /** A position and limit of their own, since they mean nothing to a decoder. */
    private static ByteBuffer queue(byte[] record, int length) {
        ByteBuffer queue = ByteBuffer.allocateDirect(BEFORE + length + BEFORE);
        queue.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < queue.capacity(); i++) {
            queue.put(i, OTHER);
        }
        queue.put(BEFORE, record, 0, length);
        return queue.position(3).limit(queue.capacity() - 1);
    }

    private static void check(boolean holds, String what, String hex) {
        if (!holds) {
            throw new AssertionError("record " + hex + ": " + what);
        }
    }

    /**
     * An origin for tests.
     *
     * @param arch the architecture's word
     * @param queue the queue's kind
     * @return a unit {@code test0} that answers, its first generation
     */
    public static Origin origin(String arch, String queue) {
        return new Origin(new Unit(arch, "test0"), queue, 0, TimeBase.BOOT, false);
    }

    /**
     * The fault.
     *
     * @return null if the record gives none
     */
    public Fault fault() {
        return fault;
    }

    /**
     * Why the record makes no sense.
     *
     * @return the reason word, {@code not_written} for a record whose content is not there yet;
     *     null if it is not malformed
     */
    public String malformed() {
        return malformed;
    }

    /**
     * What could be read of a malformed page request.
     *
     * @return a group with the attributes, requester, PASID and index that the decoder gave, or
     *     null
     */
    public PageRequestGroup malformedRequest() {
        return request;
    }

    /**
     * Whether the slot holds nothing.
     *
     * @return true for a recording register whose valid bit is clear
     */
    public boolean isEmpty() {
        return empty;
    }

    /**
     * What output says of the record, under the keys of {@code expect} in vector files: those of
     * the fault, or {@code kind}, {@code malformed} and {@code response_expected}; and what the
     * decoder says of the record itself. The kind of an empty slot is {@code none}, that of what is
     * no fault the decoder's word.
     *
     * @return the keys
     */
    public Map<String, Object> keys() {
        Keys keys = new Keys();
        if (fault != null) {
            FaultKeys.describe(fault, keys);
            decoder.describe(fault, keys);
        } else {
            keys.text("kind", kind());
            if (malformed != null) {
                keys.text("malformed", malformed);
            }
            if (other == null) {
                keys.flag("response_expected", false);
            }
        }
        if (queue != null) {
            decoder.describe(queue, BEFORE, keys);
        }
        return keys.values();
    }

    private String kind() {
        return other != null ? other : empty ? "none" : "malformed";
    }

    @Override
    public String toString() {
        return keys().toString();
    }
}
