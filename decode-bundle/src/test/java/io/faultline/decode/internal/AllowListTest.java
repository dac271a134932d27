package io.faultline.decode.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.TimeBase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {
    @TempDir Path folder;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "device=3b:00.0, true",
        "device=3b:00.1, false",
        "device=0x3*, true",
        "reason=PERMISSION, true",
        "reason=permission, true",
        "reason=UNRECOVERABLE, true",
        "reason=PTE_FETCH, false",
        "addr=0x1000-0x1fff, true",
        "addr=0x1000, true",
        "addr=0x0-0xfff, false",
        "kind=unrecoverable, true",
        "kind=page_request, false",
        "device=3b:00.0 reason=PERMISSION addr=0x1000 max=1, true",
        "max=0, false",
    })
    void allowsWhatARuleFits(String rule, boolean allowed) throws IOException {
        assertEquals(allowed, list(rule).allows(fault(0x3b00, 0x1000)));
    }

    @Test
    void allowsNoMoreThanARuleHasRoomFor() throws IOException {
        AllowList list = list("device=3b:00.0 max=2");

        assertTrue(list.allows(fault(0x3b00, 1)));
        assertTrue(list.allows(fault(0x3b00, 2)));
        assertFalse(list.allows(fault(0x3b00, 3)));
    }

    @Test
    void goesOnToTheNextRule() throws IOException {
        AllowList list = list("# expected\n\ndevice=3b:00.0 max=1 # once\naddr=0x2\n");

        assertTrue(list.allows(fault(0x3b00, 1)));
        assertTrue(list.allows(fault(0x3b00, 2)));
        assertFalse(list.allows(fault(0x3b00, 1)));
    }

    @Test
    void allowsSuppressedCallsOnlyByName() throws IOException {
        Remark suppressed = remark(Remark.SUPPRESSED, 10);

        assertFalse(list("device=*").allows(suppressed));
        assertTrue(list("kind=suppressed max=10").allows(suppressed));
        assertFalse(list("kind=suppressed max=9").allows(suppressed));
    }

    @Test
    void asksNoRuleForWhatIsNoFault() throws IOException {
        AllowList none = list("");

        assertTrue(none.allows(remark(Remark.STATUS, -1)));
        assertTrue(none.allows(remark(Remark.DETAIL, -1)));
        assertFalse(none.allows(remark(Remark.LOST, 3)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "devcie=3b:00.0",
                "device",
                "max=-1",
                "max=many",
                "addr=0x2-0x1",
                "addr=page",
                "kind=status",
                "max=1 max=2"
            })
    void namesTheLineOfAWrongRule(String rule) {
        WrongUse refusal = assertThrows(WrongUse.class, () -> list("max=1\n" + rule));

        assertTrue(refusal.getMessage().contains("allow.txt: line 2: "), refusal::getMessage);
    }

    @Test
    void saysThatItCannotBeRead() {
        WrongUse refusal =
                assertThrows(
                        WrongUse.class, () -> AllowList.read(folder.resolve("none").toString()));

        assertTrue(refusal.getMessage().endsWith("none: does not exist"), refusal::getMessage);
    }

    private AllowList list(String rules) throws IOException {
        Path file = folder.resolve("allow.txt");
        Files.writeString(file, rules);
        return AllowList.read(file.toString());
    }

    private static Finding fault(int requester, long address) throws IOException {
        Found found = new Found();
        RecordReader reader =
                new RecordReader(
                        new FakeDecoder(), RecordReader.Queue.of("fake:queue"), null, found);
        byte[] record = FakeDecoder.record(FakeDecoder.FAULT, 0, requester, -1, address);
        new BinaryDump(reader).readAll(new ByteArrayInputStream(record));
        return found.only();
    }

    private static Remark remark(String kind, long count) {
        Place place = new Place(null, true, 1, 0, TimeBase.NONE, "text");
        return new Remark(
                place, Whose.UNKNOWN, kind, "f", count, count, count, false, null, "text");
    }
}
