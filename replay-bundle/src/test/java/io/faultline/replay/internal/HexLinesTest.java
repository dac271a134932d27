package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HexLinesTest {
    private static final QueueName PRIQ = new QueueName("smmuv3", "priq");
    private static final FakeDecoder DECODER = new FakeDecoder(8, false);

    @Test
    void playsALineARecordAllZeroOnesToo() throws IOException {
        Dump dump = framed("# smmuv3:priq", "0102030405060708", "", "  00000000 00000000 ", "#x");

        assertEquals(List.of("0102030405060708", "0000000000000000"), QueueMemoryTest.hex(dump, 8));
    }

    @Test
    void givesAShorterRecordASlotOfItsOwn() throws IOException {
        Dump dump =
                new HexLines("a.hex", PRIQ, List.of("ff00000000000002", "01".repeat(16)))
                        .framed(new FakeDecoder(16, false, true));

        assertEquals(
                List.of("ff00000000000002" + "0".repeat(16), "01".repeat(16)),
                QueueMemoryTest.hex(dump, 16));
    }

    @Test
    void leavesOutWhatIsNoRecordAndSaysWhere() throws IOException {
        Dump dump = framed("0102030405060708", "0102", "rubbish");

        assertEquals(1, dump.records());
        assertEquals(
                List.of(
                        "a.hex: line 2: no 8 bytes in hex, as a record of smmuv3:priq has; left out",
                        "a.hex: line 3: no 8 bytes in hex, as a record of smmuv3:priq has; left out"),
                dump.remarks());
    }

    @Test
    void countsBadLinesBeyondTheFirst() throws IOException {
        String[] lines = Collections.nCopies(20, "00").toArray(String[]::new);
        lines[0] = "0102030405060708";

        List<String> remarks = framed(lines).remarks();

        assertEquals(11, remarks.size());
        assertEquals("a.hex: and 9 more lines like these", remarks.get(10));
    }

    @Test
    void refusesAFileWithoutOneRecord() {
        var refused = assertThrows(IOException.class, () -> framed("0102"));

        assertEquals(
                "a.hex: line 1: no 8 bytes in hex, as a record of smmuv3:priq has; left out; not one"
                        + " line of the file is a record",
                refused.getMessage());
    }

    @Test
    void readsWhenRecordsWereWritten() throws IOException {
        Dump dump =
                framed(
                        "# at 12.5",
                        "0102030405060708",
                        "0102030405060709",
                        "#at 14",
                        "# at 13",
                        "# at noon",
                        "010203040506070a");

        assertEquals(2, dump.times().dueAfter(0, 1_499_999_999));
        assertEquals(3, dump.times().dueAfter(0, 1_500_000_000));
    }

    @Test
    void hasNoTimesIfItsFirstRecordHasNone() throws IOException {
        assertNull(framed("0102030405060708", "# at 1", "0102030405060709").times());
    }

    @Property
    void anyLineIsPlayedOrRemarkedOn(@ForAll String line) throws IOException {
        Dump dump = framed("0102030405060708", line.replaceAll("[\\r\\n]", " "));

        boolean skipped = line.isBlank() || line.strip().startsWith("#");
        assertEquals(skipped ? 1 : 2, dump.records() + dump.remarks().size());
    }

    private static Dump framed(String... lines) throws IOException {
        return new HexLines("a.hex", PRIQ, List.of(lines)).framed(DECODER);
    }
}
