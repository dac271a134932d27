package io.faultline.decode.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * Reads records with the decoder of their queue. Whatever the bytes are and whatever the decoder
 * does, each record gives one finding, or none if it says that there is nothing.
 */
final class RecordReader {
    /** {@code --raw ARCH:QUEUE}, taken apart. */
    record Queue(String arch, String kind) {
        static Queue of(String name) {
            int colon = name.indexOf(':');
            return new Queue(name.substring(0, colon), name.substring(colon + 1));
        }
    }

    /** What a decoder says of one record. */
    private final class Report extends FaultBuilder {
        private final Origin origin;
        private Place place;
        private Consumer<KeySink> more;
        private Finding finding;
        private int calls;

        Report(Queue queue) {
            this.origin =
                    new Origin(new Unit(queue.arch(), ""), queue.kind(), 0, TimeBase.NONE, true);
        }

        void begin(Place of, Consumer<KeySink> ofTheRecord) {
            place = of;
            more = ofTheRecord;
            finding = null;
            calls = 0;
        }

        @Override
        protected Origin origin() {
            return origin;
        }

        @Override
        protected String deviceName() {
            return null;
        }

        @Override
        protected long time() {
            return place.time();
        }

        @Override
        protected long sequence() {
            return place.number();
        }

        /** All four: of a shorter record, the others hold what its decoder made of it. */
        @Override
        protected int rawWords() {
            return 4;
        }

        @Override
        protected void fault(Fault fault) {
            calls++;
            finding = new FaultFinding(place, fault, decoder, false, more);
        }

        @Override
        protected void foundMalformed(
                Origin from, Whose whose, String why, long w0, long w1, long w2, long w3) {
            calls++;
            String explained = decoder.explain(why, w0, w1, w2, w3);
            finding = new MalformedFinding(place, whose, why, null, more, explained);
        }

        @Override
        public void notWritten() {
            calls++;
            finding = broken(place, "not_written", "the index covers it, but it was never written");
        }

        @Override
        public void empty() {
            calls++;
        }

        @Override
        public void noFault(String kind, long w0, long w1, long w2, long w3) {
            calls++;
            String explained = decoder.explain(kind, w0, w1, w2, w3);
            finding = new Remark(place, whose(), kind, null, -1, 0, 0, false, more, explained);
        }
    }

    /** The length of the shortest record there can be. */
    static final int SHORTEST = Long.BYTES;

    private final RecordDecoder decoder;
    private final Queue queue;
    private final String file;
    private final Findings out;
    private final Report report;

    /**
     * @param file the input's name where several were given, else null
     */
    RecordReader(RecordDecoder decoder, Queue queue, String file, Findings out) {
        this.decoder = decoder;
        this.queue = queue;
        this.file = file;
        this.out = out;
        this.report = new Report(queue);
    }

    /** The length of the longest record, which all have in most queues. */
    int recordBytes() {
        return decoder.recordBytes();
    }

    /**
     * The length of a record. What no record can have is taken for the longest: its decoder will
     * show what is wrong with it.
     *
     * @param memory little-endian
     * @param at where the record begins; its first 8 bytes are there
     */
    int recordBytes(ByteBuffer memory, int at) {
        int bytes;
        try {
            bytes = decoder.recordBytes(memory, at);
        } catch (RuntimeException e) {
            bytes = 0;
        }
        boolean possible = bytes >= SHORTEST && bytes <= recordBytes();
        return possible ? bytes : recordBytes();
    }

    /** What the index registers say, or null if this kind of queue has none. */
    QueueState state(long producer, long consumer, int slots) {
        return decoder.state(producer, consumer, slots);
    }

    /**
     * Decodes a record.
     *
     * @param memory little-endian
     * @param at where the record begins
     * @param number its number in the input, from 1
     */
    void read(ByteBuffer memory, int at, long number) throws IOException {
        Place place = Place.ofRecord(file, number);
        report.begin(place, keysOf(memory, at));
        try {
            decoder.decode(memory, at, report);
        } catch (RuntimeException e) {
            out.accept(defect(place, memory, at, "threw " + e));
            return;
        }
        if (report.calls != 1) {
            out.accept(defect(place, memory, at, "made " + report.calls + " reports of it"));
        } else if (report.finding instanceof MalformedFinding malformed) {
            out.accept(withRecord(malformed, memory, at));
        } else if (report.finding != null) {
            out.accept(report.finding);
        }
    }

    /** Tells of a record that is not there as a whole. */
    void malformed(long number, String why, String hex, String description) throws IOException {
        Place place = Place.ofRecord(file, number);
        out.accept(new MalformedFinding(place, whose(), why, hex, null, description));
    }

    private Finding defect(Place place, ByteBuffer memory, int at, String what) {
        String sentence = "the decoder " + decoder.getClass().getName() + " " + what;
        return withRecord(broken(place, "decoder_defect", sentence), memory, at);
    }

    private MalformedFinding broken(Place place, String why, String description) {
        return new MalformedFinding(place, whose(), why, null, null, description);
    }

    private Whose whose() {
        return new Whose(queue.arch(), null, null, -1);
    }

    /** The keys of a record, which is kept: where it was read, the next one comes. */
    private Consumer<KeySink> keysOf(ByteBuffer memory, int at) {
        ByteBuffer record = ByteBuffer.wrap(bytes(memory, at)).order(ByteOrder.LITTLE_ENDIAN);
        return keys -> decoder.describe(record, 0, keys);
    }

    private byte[] bytes(ByteBuffer memory, int at) {
        byte[] bytes = new byte[recordBytes(memory, at)];
        memory.get(at, bytes);
        return bytes;
    }

    private MalformedFinding withRecord(MalformedFinding malformed, ByteBuffer memory, int at) {
        return new MalformedFinding(
                malformed.place(),
                malformed.whose(),
                malformed.why(),
                HexFormat.of().formatHex(bytes(memory, at)),
                malformed.more(),
                malformed.description());
    }
}
