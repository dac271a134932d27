package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.hardware.QueueState;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.Keys;
import io.faultline.testkit.RecordingSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What QEMU's model wrote into its event queue, decoded by a script that shares no code with us:
 * {@code qemu/NAME.bin} is the queue's memory, {@code qemu/NAME.csv} the registers at the end and a
 * row for each record, with its bytes where a later record has overwritten them.
 */
class QueueDumpTest {
    private static final Pattern REGISTERS =
            Pattern.compile("# log2size=(\\d+) prod=0x(\\w+) cons=0x(\\w+) pending=(\\d+)");

    private final EventDecoder decoder = new EventDecoder();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smmuv3-config-qemu11.1",
                "smmuv3-config-qemu7.2",
                "smmuv3-fetch-2level-qemu11.1",
                "smmuv3-fetch-2level-qemu7.2",
                "smmuv3-full-qemu11.1",
                "smmuv3-full-qemu7.2",
                "smmuv3-nested-qemu11.1",
                "smmuv3-perm-access-addrsize-qemu11.1",
                "smmuv3-perm-access-addrsize-qemu7.2",
                "smmuv3-stage2-qemu11.1",
                "smmuv3-storm-qemu11.1",
                "smmuv3-translation-qemu11.1",
                "smmuv3-translation-qemu7.2",
                "smmuv3-wrap-qemu11.1",
                "smmuv3-wrap-qemu7.2"
            })
    void decodesWhatTheModelWrote(String name) {
        ByteBuffer memory = ByteBuffer.wrap(resource(name + ".bin")).order(ByteOrder.LITTLE_ENDIAN);
        List<String> lines =
                new String(resource(name + ".csv"), StandardCharsets.UTF_8).lines().toList();
        List<Row> rows = Row.read(lines.subList(1, lines.size()));
        Matcher registers = REGISTERS.matcher(lines.get(0));
        assertTrue(registers.matches(), lines.get(0));

        for (Row row : rows) {
            byte[] record = new byte[EventRecord.BYTES];
            memory.get((int) row.number("slot") * EventRecord.BYTES, record);
            row.assertDecoded(row.hex().isEmpty() ? record : HexFormat.of().parseHex(row.hex()));
        }
        assertPending(memory, registers, rows);
    }

    /** Between CONS and PROD lie the newest records, oldest first. */
    private void assertPending(ByteBuffer memory, Matcher registers, List<Row> rows) {
        int slots = 1 << Integer.parseInt(registers.group(1));
        QueueState state =
                decoder.state(
                        Long.parseLong(registers.group(2), 16),
                        Long.parseLong(registers.group(3), 16),
                        slots);
        assertEquals(Integer.parseInt(registers.group(4)), state.count());

        RecordingSink pending =
                new RecordingSink(Decoded.origin("smmuv3", "evtq"), EventRecord.BYTES);
        for (int i = 0; i < state.count(); i++) {
            int slot = (state.first() + i) & (slots - 1);
            decoder.decode(memory, slot * EventRecord.BYTES, pending);
        }

        List<Row> newest = rows.subList(rows.size() - state.count(), rows.size());
        assertEquals(
                newest.stream().map(r -> r.hex("w2")).toList(),
                pending.faults().stream().map(f -> f.raw(2)).toList());
    }

    private byte[] resource(String name) {
        try (InputStream in = getClass().getResourceAsStream("qemu/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** A row: the record's fields by the names of the header. */
    private record Row(Map<String, String> fields) {
        static List<Row> read(List<String> lines) {
            String[] names = lines.get(0).split(",", -1);
            List<Row> rows = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] values = line.split(",", -1);
                rows.add(
                        new Row(
                                IntStream.range(0, names.length)
                                        .boxed()
                                        .collect(Collectors.toMap(i -> names[i], i -> values[i]))));
            }
            return rows;
        }

        long number(String field) {
            return Long.parseLong(fields.get(field));
        }

        long hex(String field) {
            return Long.parseUnsignedLong(fields.get(field).substring(2), 16);
        }

        String hex() {
            return fields.get("hex");
        }

        void assertDecoded(byte[] record) {
            EventDecoder decoder = new EventDecoder();
            Fault fault = Decoded.of(decoder, record).fault();
            EventType type = EventType.named(fields.get("type"));

            assertEquals(type.number(), fault.code(), this::toString);
            assertEquals(number("sid"), fault.requester(), this::toString);
            assertEquals(Fault.NO_PASID, fault.pasid(), this::toString);
            assertEquals(UnrecoverableFault.class, fault.getClass(), this::toString);
            if (type.canStall()) {
                assertTranslation(fault, Keys.of(fault, decoder));
            }
        }

        private void assertTranslation(Fault fault, Map<String, Object> keys) {
            assertEquals(hex("w2"), fault.iova(), this::toString);
            assertEquals(number("rnw") == 1, fault.access().isRead(), this::toString);
            assertEquals(number("rnw") == 0, fault.access().isWrite(), this::toString);
            assertEquals(number("s2") + 1, fault.stage(), this::toString);
            assertEquals(
                    List.of("CD", "TT", "IN", "RESERVED").get((int) number("cls")),
                    keys.get("class"),
                    this::toString);
            // 11.1 leaves the offset in the page behind the IPA
            String ipa = "0x" + Long.toHexString(hex("w3") & EventRecord.IPA_MASK);
            assertEquals(number("s2") == 1 ? ipa : null, keys.get("ipa"), this::toString);
        }
    }
}
