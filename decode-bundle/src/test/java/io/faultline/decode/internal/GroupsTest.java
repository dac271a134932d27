package io.faultline.decode.internal;

import static io.faultline.decode.internal.FakeDecoder.LAST_REQUEST;
import static io.faultline.decode.internal.FakeDecoder.REQUEST;
import static io.faultline.decode.internal.FakeDecoder.record;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private final Found found = new Found();
    private final Groups groups = new Groups(found);
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();

    @Test
    void collectsUpToTheLastRequestThoughGroupsAreInterleaved() throws IOException {
        add(REQUEST, 1, 7, 0x1000);
        add(REQUEST, 2, 7, 0x2000);
        add(REQUEST, 1, 8, 0x3000);
        add(LAST_REQUEST, 1, 7, 0x4000);
        add(LAST_REQUEST, 2, 7, 0x5000);

        read();

        assertEquals(
                List.of(
                        "1/7 complete [1000, 4000]",
                        "2/7 complete [2000, 5000]",
                        "1/8 partial [3000]"),
                texts());
    }

    @Test
    void beginsANewGroupWhenAnIndexComesBack() throws IOException {
        add(LAST_REQUEST, 1, 7, 0x1000);
        add(REQUEST, 1, 7, 0x2000);
        add(LAST_REQUEST, 1, 7, 0x3000);

        read();

        assertEquals(List.of("1/7 complete [1000]", "1/7 complete [2000, 3000]"), texts());
    }

    @Test
    void endsThePartialGroupsOfAPasidAtItsStopMarker() throws IOException {
        add(REQUEST, 1, 7, 0x1000);
        add(REQUEST, 1, 8, 0x2000);
        add(FakeDecoder.STOP, 0, 7, 0);
        add(LAST_REQUEST, 1, 8, 0x3000);

        read();

        assertEquals(
                List.of("1/7 partial [1000]", "page_request_stop", "1/8 complete [2000, 3000]"),
                texts());
    }

    @Test
    void makesAStallAGroupOfItsOwn() throws IOException {
        add(FakeDecoder.STALL, 1, 7, 0x1234);

        read();

        assertEquals(List.of("1/7 complete [1234]"), texts());
        assertEquals("PTE_FETCH", found.value("reason"));
        assertEquals(true, found.value("response_expected"));
    }

    @Test
    void givesTheRequestsAsObjects() throws IOException {
        add(LAST_REQUEST, 1, Fault.NO_PASID, 0x1000);

        read();

        assertEquals("page_request_group", found.value("kind"));
        assertEquals(null, found.value("pasid"));
        Keys request = (Keys) ((List<?>) found.value("requests")).get(0);
        assertEquals("0x1000", request.values().get("addr").toString());
        assertEquals(List.of("R"), request.values().get("perms"));
    }

    @Test
    void passesOnTheOldestGroupRatherThanGrowWithoutEnd() throws IOException {
        for (int i = 0; i < (1 << 16) + 1; i++) {
            add(REQUEST, 0, i, i);
        }

        RecordReader reader = reader();
        new BinaryDump(reader).readAll(new ByteArrayInputStream(records.toByteArray()));

        assertEquals(List.of("0/0 partial [0]"), texts());
    }

    private void add(byte what, int index, int pasid, long address) {
        records.writeBytes(record(what, index, 0x100, pasid, address));
    }

    private void read() throws IOException {
        new BinaryDump(reader()).readAll(new ByteArrayInputStream(records.toByteArray()));
        groups.finish();
    }

    private RecordReader reader() {
        return new RecordReader(
                new FakeDecoder(), RecordReader.Queue.of("fake:queue"), null, groups);
    }

    private List<String> texts() {
        return found.all().stream().map(GroupsTest::text).toList();
    }

    private static String text(Finding finding) {
        if (!(finding instanceof GroupFinding group)) {
            return finding.kind();
        }
        Keys keys = new Keys();
        group.describe(keys);
        List<String> addresses =
                group.requests().stream().map(r -> Long.toHexString(r.iova())).toList();
        return keys.values().get("grpid")
                + "/"
                + keys.values().get("pasid")
                + (group.complete() ? " complete " : " partial ")
                + addresses;
    }
}
