package io.faultline.decode.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final int COLUMNS = 80;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void writesKindArchAndPlaceFirstAndTheDescriptionLast() throws IOException {
        Report json = new JsonReport(out);

        read(json, FakeDecoder.record(FakeDecoder.FAULT, 0, 0x3b00, -1, 0x1000));

        assertEquals(
                "{\"kind\":\"unrecoverable\",\"arch\":\"fake\",\"record\":1,\"stream\":15104,"
                        + "\"pasid\":null,\"addr\":\"0x1000\",\"perms\":[\"R\"],\"last\":null,"
                        + "\"grpid\":null,\"stall\":false,\"response_expected\":false,"
                        + "\"reason\":\"PERMISSION\",\"reason_code\":6,\"event\":\"UNRECOVERABLE\","
                        + "\"description\":\"fault from 0x3b00 at 0x1000 R: PERMISSION\"}\n",
                text());
    }

    @Test
    void writesTimesAsTheSourceGivesThem() throws IOException {
        new JsonReport(out).accept(status(12_345_678_000L, "all is well"));

        assertTrue(text().contains("\"time\":12.345678,\"time_base\":\"boot\""), text());
    }

    @Test
    void writesTheArchitecturesOwnKeysOfAStatusLine() throws IOException {
        Place place = new Place(null, true, 7, 0, TimeBase.NONE, "status reg 3");
        new JsonReport(out)
                .accept(
                        new Remark(
                                place,
                                Whose.UNKNOWN,
                                Remark.STATUS,
                                null,
                                -1,
                                0,
                                0,
                                false,
                                keys -> keys.number("fsts", 3),
                                "pending"));

        assertTrue(text().contains("\"line\":7,\"fsts\":3,\"description\":\"pending\""), text());
    }

    @Test
    void writesNumbersBeyond32BitsAsText() throws IOException {
        Remark lost = remark(Remark.LOST, 0x1_0000_0000L, "gap");

        new JsonReport(out).accept(lost);

        assertTrue(text().contains("\"count\":\"0x100000000\""), text());
    }

    @Property
    void writesAnyTextAsJson(@ForAll String any) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();

        new JsonReport(json).accept(status(0, any));

        try (JsonParser parser = new JsonFactory().createParser(json.toByteArray())) {
            while (parser.nextToken() != null) {
                parser.getText();
            }
        }
        String line = json.toString(StandardCharsets.UTF_8);
        assertEquals(line.length() - 1, line.indexOf('\n'));
    }

    @Property
    void keepsControlCharactersFromTheTerminal(@ForAll String any) throws IOException {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        TableReport report = new TableReport(table, COLUMNS, false, new Summary());

        report.accept(status(0, any));
        report.settle();

        String text = table.toString(StandardCharsets.UTF_8);
        assertEquals(2, text.chars().filter(c -> c == '\n').count());
        assertFalse(text.chars().anyMatch(c -> c != '\n' && Character.isISOControl(c)));
    }

    @Test
    void fitsTheTable() throws IOException {
        TableReport report = new TableReport(out, COLUMNS, false, new Summary());

        report.accept(status(1_000_000_000, "a long story ".repeat(20)));
        report.settle();

        assertTrue(text().lines().allMatch(line -> line.length() <= COLUMNS), text());
        assertTrue(text().contains("1.000000"), text());
    }

    @Test
    void foldsAStormAndSaysWhatItHid() throws IOException {
        TableReport report = new TableReport(out, 0, false, new Summary());

        for (int i = 0; i < 10; i++) {
            read(report, FakeDecoder.record(FakeDecoder.FAULT, 0, 0x3b00, -1, 0x1000L * i));
        }
        report.settle();

        assertEquals(1 + 3 + 1, text().lines().count(), text());
        assertTrue(text().contains("7 more like these, 0x3000 to 0x9000"), text());
    }

    @Test
    void coloursOnlyIfWelcome() throws IOException {
        byte[] record = FakeDecoder.record(FakeDecoder.FAULT, 0, 0x3b00, -1, 0);
        read(new TableReport(out, COLUMNS, false, new Summary()), record);
        assertFalse(text().contains("\u001b"));

        read(new TableReport(out, COLUMNS, true, new Summary()), record);

        assertTrue(text().contains("\u001b[31m"));
    }

    @Test
    void sumsUpWhatADeviceDid() throws IOException {
        SummaryReport report = new SummaryReport(out, new Summary());

        for (int i = 0; i < 4; i++) {
            read(report, FakeDecoder.record(FakeDecoder.FAULT, 0, 0x3b00, -1, 0x1000L * i));
        }
        report.accept(remark(Remark.SUPPRESSED, 26, "text"));
        report.finish();

        assertTrue(text().startsWith("0x3b00 (fake)\n"), text());
        assertTrue(text().contains("4 unrecoverable UNRECOVERABLE"), text());
        assertTrue(text().contains("0x0 to 0x3000, one every 0x1000"), text());
        assertTrue(text().contains("26 calls of dmar_fault: 9 to 26 faults"), text());
        assertTrue(
                text().contains("In all: 4 faults of 1 device; 9 to 26 faults not printed"),
                text());
    }

    @Test
    void knowsADeviceByItsNumberOnceALineHasNamedIt() throws IOException {
        Summary summary = new Summary();

        for (String name : new String[] {null, "0000:3b:00.0", null, "0000:3b:00.0"}) {
            summary.add(logged(name, 0x3b00));
        }
        summary.add(logged("0001:3b:00.0", 0x3b00));

        StringBuilder text = new StringBuilder();
        summary.write(text::append);
        assertTrue(
                text.toString().startsWith("0000:3b:00.0 (fake, unit u, requester 0x3b00)"),
                text::toString);
        assertTrue(text.toString().contains("4 unrecoverable"), text::toString);
        assertTrue(text.toString().contains("In all: 5 faults of 2 devices"), text::toString);
    }

    private static FaultFinding logged(String device, int requester) {
        Origin origin = new Origin(new Unit("fake", "u"), "log", 0, TimeBase.NONE, true);
        Fault fault =
                Faults.unrecoverable(
                        origin,
                        device,
                        0,
                        1,
                        0,
                        Reason.PERMISSION,
                        -1,
                        FaultBits.HAS_REQUESTER,
                        requester,
                        Fault.NO_PASID,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0);
        return new FaultFinding(
                new Place(null, true, 1, 0, TimeBase.NONE, "text"), fault, null, false, null);
    }

    private static Remark status(long nanos, String description) {
        Place place = new Place(null, true, 1, nanos, TimeBase.BOOT, description);
        return new Remark(
                place, Whose.UNKNOWN, Remark.STATUS, null, -1, 0, 0, false, null, description);
    }

    private static Remark remark(String kind, long count, String description) {
        Place place = new Place(null, true, 1, 0, TimeBase.NONE, description);
        return new Remark(
                place,
                Whose.UNKNOWN,
                kind,
                "dmar_fault",
                count,
                9,
                count,
                false,
                null,
                description);
    }

    private static void read(Findings report, byte[] record) throws IOException {
        RecordReader reader =
                new RecordReader(
                        new FakeDecoder(), RecordReader.Queue.of("fake:queue"), null, report);
        new BinaryDump(reader).readAll(new ByteArrayInputStream(record));
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
