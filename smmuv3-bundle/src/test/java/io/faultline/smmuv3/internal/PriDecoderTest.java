package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.StopMarker;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.Keys;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PriDecoderTest {
    private final PriDecoder decoder = new PriDecoder();

    static Stream<Vector> vectors() {
        return VectorFile.read(PriDecoderTest.class, "smmuv3.jsonl").queue("priq");
    }

    static Stream<Vector> sequences() {
        return VectorFile.read(PriDecoderTest.class, "smmuv3-sequences.jsonl").all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void decodesEveryVector(Vector vector) {
        Decoded decoded = Decoded.of(decoder, vector.bytes());

        vector.assertExpected(decoded.keys());
    }

    /**
     * Collected by stream, PASID and index up to each last request, the members of every sequence
     * give exactly its groups and markers.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("sequences")
    void decodesTheMembersOfEverySequence(Vector sequence) {
        Members members = new Members();

        byte[] bytes = sequence.bytes();
        for (int at = 0; at < bytes.length; at += PriRecord.BYTES) {
            Fault fault = fault(Arrays.copyOfRange(bytes, at, at + PriRecord.BYTES));
            members.add(fault, Keys.of(fault, decoder));
        }

        assertEquals(sequence.expect().get("groups"), members.groups, sequence::hex);
        assertEquals(sequence.expect().get("stops"), members.stops, sequence::hex);
        int partial = ((List<?>) sequence.expect().get("partial")).size();
        assertEquals(partial, members.open.size(), sequence::hex);
    }

    @Test
    void readsTheLastRequestOfAGroup() {
        PageRequestGroup request = (PageRequestGroup) fault("084200002a0000d011603412007f0000");

        assertEquals(0x4208, request.requester());
        assertEquals(0x2a, request.pasid());
        assertEquals(17, request.groupIndex());
        assertEquals(0x7f0012346000L, request.iova());
        assertEquals(Access.READ, request.access());
        assertTrue(request.complete());
        assertTrue(request.token().withPasid());
        assertFalse(request.stalled());
    }

    @Test
    void givesNoPasidBackWhereNoneCame() {
        PageRequestGroup request = (PageRequestGroup) fault("00000000000000500000000000000000");

        assertEquals(Fault.NO_PASID, request.pasid());
        assertFalse(request.token().withPasid());
    }

    @ParameterizedTest
    @CsvSource({
        "084200002a0000c00000000000000000, stop marker of stream 0x4208 pasid 0x2a",
        "084200002a0000b011503412007f0000, "
                + "page request of stream 0x4208 pasid 0x2a group 17 at 0x7f0012345000 R+W",
        "00000000000000400000000000000000, page request of stream 0x0 group 0 last at 0x0"
    })
    void describesRecordsInASentence(String hex, String sentence) {
        assertEquals(sentence, Keys.of(fault(hex), decoder).get("description"));
    }

    private Fault fault(String hex) {
        return fault(HexFormat.of().parseHex(hex));
    }

    private Fault fault(byte[] record) {
        return Decoded.of(decoder, record).fault();
    }

    /** Collects requests the simple way. */
    private static final class Members {
        final List<Object> groups = new ArrayList<>();
        final List<Object> stops = new ArrayList<>();

        /** Addresses so far, by stream, PASID and index. */
        final Map<List<Object>, List<Object>> open = new HashMap<>();

        void add(Fault fault, Map<String, Object> keys) {
            Object stream = keys.get("stream");
            Object pasid = keys.get("pasid");
            if (fault instanceof StopMarker) {
                stops.add(selected(keys, "stream", "pasid"));
                open.keySet().removeIf(k -> k.subList(0, 2).equals(List.of(stream, pasid)));
                return;
            }
            List<Object> key = Arrays.asList(stream, pasid, keys.get("grpid"));
            List<Object> addresses = open.computeIfAbsent(key, k -> new ArrayList<>());
            addresses.add(keys.get("addr"));
            if (((PageRequestGroup) fault).complete()) {
                open.remove(key);
                Map<String, Object> group = selected(keys, "stream", "pasid", "grpid");
                group.put("addrs", addresses);
                groups.add(group);
            }
        }

        private static Map<String, Object> selected(Map<String, Object> keys, String... names) {
            Map<String, Object> selected = new HashMap<>();
            for (String name : names) {
                selected.put(name, keys.get(name));
            }
            return selected;
        }
    }
}
