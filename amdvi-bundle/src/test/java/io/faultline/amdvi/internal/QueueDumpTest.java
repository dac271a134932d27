package io.faultline.amdvi.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.fault.Fault;
import io.faultline.hardware.QueueState;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.RecordingSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * An event log as QEMU's model wrote it, beside what a script read. The model fills in no address,
 * domain or bus, so of what was done only device and number of faults can be found again.
 */
class QueueDumpTest {
    private final EventRecord decoder = new EventRecord();

    @Test
    void decodesWhatTheModelWrote() throws IOException {
        ByteBuffer dump = ByteBuffer.wrap(read("amdvi-eventlog-qemu11.1.bin"));
        JsonNode truth = new ObjectMapper().readTree(read("amdvi-eventlog-qemu11.1.json"));
        JsonNode queue = truth.get("queue");
        QueueState state =
                decoder.state(
                        Long.decode(queue.get("tail").asText()),
                        Long.decode(queue.get("head").asText()),
                        dump.capacity() / AmdVi.ENTRY_BYTES);
        RecordingSink sink = new RecordingSink(Decoded.origin("amdvi", "event"), 16);

        dump.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < state.count(); i++) {
            decoder.decode(dump, (state.first() + i) * AmdVi.ENTRY_BYTES, sink);
        }
        decoder.decode(dump, (state.first() + state.count()) * AmdVi.ENTRY_BYTES, sink);

        assertEquals(truth.get("records").size(), sink.faults().size());
        for (int i = 0; i < state.count(); i++) {
            assertFault(truth, truth.get("records").get(i), sink.faults().get(i));
        }
        assertEquals(1, sink.notWrittenRecords(), "what lies behind the tail is all zero");
    }

    private static void assertFault(JsonNode truth, JsonNode record, Fault fault) {
        JsonNode trigger = truth.get("triggers").get(record.get("trigger").asInt());
        assertEquals(record.get("event_code").asInt(), fault.code());
        assertEquals(record.get("device_id").asInt(), fault.requester());
        assertEquals(Long.decode(record.get("flags").asText()), fault.raw(0) >>> 48 & 0xfff);
        assertEquals(
                trigger.get("bdf").asText(),
                Decoded.of(new EventRecord(), bytes(record)).keys().get("bdf"));
    }

    private static byte[] bytes(JsonNode record) {
        return HexFormat.of().parseHex(record.get("hex").asText());
    }

    private static byte[] read(String file) throws IOException {
        try (InputStream in = QueueDumpTest.class.getResourceAsStream("qtest/" + file)) {
            return in.readAllBytes();
        }
    }
}
