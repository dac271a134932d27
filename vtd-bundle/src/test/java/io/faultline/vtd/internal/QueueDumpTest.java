package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.fault.Fault;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.RecordingSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recording registers as QEMU's model wrote them, beside what a script read from them. */
class QueueDumpTest {
    private final RecordingRegister decoder = new RecordingRegister();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vtd-ctx-fetch-qemu11.1",
                "vtd-intremap-qemu11.1",
                "vtd-legacy-qemu11.1",
                "vtd-legacy-qemu7.2",
                "vtd-overflow-qemu11.1",
                "vtd-overflow-qemu7.2",
                "vtd-root-fetch-qemu11.1",
                "vtd-scalable-qemu11.1"
            })
    void decodesRecordByRecord(String name) throws IOException {
        ByteBuffer dump = ByteBuffer.wrap(read(name + ".bin")).order(ByteOrder.LITTLE_ENDIAN);
        JsonNode records = new ObjectMapper().readTree(read(name + ".json")).get("records");
        RecordingSink sink =
                new RecordingSink(Decoded.origin("vtd", "frcd"), decoder.recordBytes());

        for (int at = 0; at < dump.capacity(); at += decoder.recordBytes()) {
            decoder.decode(dump, at, sink);
        }

        assertEquals(records.size(), sink.faults().size());
        for (int i = 0; i < records.size(); i++) {
            assertFault(records.get(i), sink.faults().get(i));
        }
    }

    private static void assertFault(JsonNode record, Fault fault) {
        int reason = Integer.decode(record.get("fault_reason").asText());
        long info = Long.parseUnsignedLong(record.get("fault_info").asText().substring(2), 16);
        boolean interrupt = reason >= 0x20 && reason < 0x30;
        boolean read = record.get("type_read").asInt() == 1;

        assertEquals(reason, fault.code());
        assertEquals(record.get("sid").asInt(), fault.requester());
        assertEquals(interrupt ? 0 : info & ~0xfffL, fault.iova());
        assertEquals(!interrupt && read, fault.access().isRead());
        assertEquals(!interrupt && !read, fault.access().isWrite());
        assertEquals(
                !interrupt && record.get("pasid_present").asInt() == 1
                        ? record.get("pasid").asInt()
                        : Fault.NO_PASID,
                fault.pasid());
    }

    private static byte[] read(String file) throws IOException {
        try (InputStream in = QueueDumpTest.class.getResourceAsStream("qtest/" + file)) {
            return in.readAllBytes();
        }
    }
}
