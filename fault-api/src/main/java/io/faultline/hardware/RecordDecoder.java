package io.faultline.hardware;

import io.faultline.fault.Fault;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decodes the records of one kind of hardware queue. Register it as a service with {@link Decodes}.
 *
 * <p><b>Threads.</b> Called on lanes, at once for several queues. A record decoder keeps no state
 * between records, so that it can be replaced between any two batches (R5). {@link #describe} and
 * {@link #explain} are called from any thread.
 *
 * <p><b>Errors.</b> Any bytes lead to a fault or to a malformed record with its reason; a decoder
 * that throws makes the record malformed ({@code decoder_defect}).
 */
@ConsumerType
public interface RecordDecoder {
    /**
     * The length of a record; where records differ, of the longest, and of a slot in a ring.
     *
     * @return bytes, a multiple of 8; never changes
     */
    int recordBytes();

    /**
     * The length of one record. Only a stream whose records differ in length needs this; in a ring
     * a shorter record leaves the rest of its slot unused.
     *
     * @param queue little-endian; position and limit mean nothing and are not changed
     * @param at byte offset of the record; its first 8 bytes are there
     * @return bytes, a multiple of 8, from 8 to {@link #recordBytes()}
     */
    default int recordBytes(ByteBuffer queue, int at) {
        return recordBytes();
    }

    /**
     * Decodes one record: exactly one call of {@code out}. Each word of the record is read at most
     * once (R16). Allocates nothing.
     *
     * @param queue the queue's memory, in little-endian order; position and limit mean nothing and
     *     are not changed
     * @param at byte offset of the record; {@code recordBytes(queue, at)} bytes are there
     * @param out takes what the record says
     */
    void decode(ByteBuffer queue, int at, FaultSink out);

    /**
     * Adds the architecture's own keys of a fault, for JSON and pages. Cold. The platform itself
     * gives kind, arch, unit, device, stream, pasid, addr, perms, last, grpid, stall,
     * response_expected, reason and reason_code.
     *
     * @param fault a fault of this queue, from a record or from a line of text ({@code rawWords()
     *     == 0}: then only what the line told)
     * @param keys takes the keys
     */
    void describe(Fault fault, KeySink keys);

    /**
     * Adds keys of a record whatever it says, fault or not, well formed or not. Cold. A reader of
     * dumps, which has the record itself, calls this after {@link #describe(Fault, KeySink)}: for
     * what stands beyond the words that a fault keeps, and for records that are none.
     *
     * @param record little-endian; position and limit mean nothing and are not changed
     * @param at byte offset of the record; {@code recordBytes(record, at)} bytes are there
     * @param keys takes the keys
     */
    default void describe(ByteBuffer record, int at, KeySink keys) {}

    /**
     * A sentence for people about a record that was malformed, or reports no fault. Cold.
     *
     * @param why the reason word that {@link #decode} gave, or the kind of what is no fault
     * @param w0 raw word 0
     * @param w1 raw word 1
     * @param w2 raw word 2
     * @param w3 raw word 3
     * @return what is wrong with the record, with its values and the section of the document; or
     *     what it says
     */
    default String explain(String why, long w0, long w1, long w2, long w3) {
        return why.replace('_', ' ');
    }

    /**
     * What the queue's index registers say, as the architecture's document gives them. Cold.
     *
     * @param producer the register that hardware moves (PROD, PQT, tail)
     * @param consumer the register that software moves (CONS, PQH, head)
     * @param slots how many records the queue's memory holds
     * @return the state, or null if this kind of queue has no indices (recording registers)
     * @throws IllegalArgumentException if a queue of this kind cannot have that many slots
     */
    default QueueState state(long producer, long consumer, int slots) {
        return null;
    }
}
