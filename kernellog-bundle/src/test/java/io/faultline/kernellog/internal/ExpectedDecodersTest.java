package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Decoders whose literals are known before they are there. */
class ExpectedDecodersTest {
    private static final String COMPONENT = "com.example.Lines";

    private final InstalledDecoders decoders = new InstalledDecoders();
    private final RecordingLineSink sink = new RecordingLineSink();
    private final FakeDecoder expected = new FakeDecoder("fault", "error");
    private final AtomicInteger brought = new AtomicInteger();

    private void expectIt() {
        decoders.expect(1, "fake", List.of("fault", "error"), COMPONENT, this::bring);
    }

    private void bring() {
        brought.incrementAndGet();
        decoders.add(7, "fake", COMPONENT, expected);
    }

    @Test
    void areNotBroughtByALogWithoutALineOfTheirs() {
        expectIt();

        Logs.readQuietly(decoders, "boot\nother\n", sink);

        assertEquals(0, brought.get());
        assertEquals(List.of(), sink.reports());
    }

    @Test
    void areBroughtOnceAndGetTheLineThatBroughtThem() {
        expectIt();

        Logs.readQuietly(decoders, "boot\nfault A\nother\nerror B\n", sink);
        Logs.readQuietly(decoders, "fault C\n", new RecordingLineSink());

        assertEquals(1, brought.get());
        assertEquals(
                List.of("open", "fault A", "error B", "end", "open", "fault C", "end"),
                expected.calls());
        assertEquals(2, expected.lines().get(0).number());
    }

    /** The order in which lines are shown does not depend on who had to be brought. */
    @Test
    void comeInTheirPlace() {
        FakeDecoder later = new FakeDecoder("fault");
        expectIt();
        decoders.add(2, "fake", null, later);

        Logs.readQuietly(decoders, "fault A\n", sink);

        assertEquals(
                List.of("fault A", "fault A", "end", "end"),
                sink.reports().stream().map(LineReport::text).toList());
        assertEquals(
                List.of(7L, 2L),
                decoders.current().decoders().stream().map(InstalledDecoder::id).toList());
    }

    @Test
    void leaveAsOthersDo() {
        expectIt();
        Logs.readQuietly(decoders, "fault A\n", sink);

        decoders.remove(1); // who brought it has nothing more to bring
        assertEquals(1, decoders.current().decoders().size());
        decoders.remove(7);

        Logs.readQuietly(decoders, "fault B\n", new RecordingLineSink());
        assertEquals(List.of("fault A"), expected.texts());
    }

    @Test
    void areNotExpectedAnyMoreWhenNobodyCanBringThem() {
        expectIt();
        decoders.remove(1);

        Logs.readQuietly(decoders, "fault A\n", sink);

        assertEquals(0, brought.get());
        assertEquals(List.of(), sink.reports());
    }

    @Test
    void areADefectAtEachLineWhenTheyDoNotCome() {
        decoders.expect(1, "fake", List.of("fault"), COMPONENT, brought::incrementAndGet);

        Logs.readQuietly(decoders, "fault A\nfault B\n", sink);

        assertEquals(2, brought.get());
        assertEquals(
                List.of("decoder_defect", "decoder_defect"),
                sink.reports().stream().map(LineReport::text).toList());
    }

    @Test
    void areRefusedWhenTheirLiteralsAreOthers() {
        decoders.expect(1, "fake", List.of("fault"), COMPONENT, () -> {});

        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> decoders.add(7, "fake", COMPONENT, expected));

        assertEquals(
                "line decoder of fake (service 1, com.example.Lines): has the literals [fault,"
                        + " error], expected were [fault]; build anew",
                e.getMessage());
    }

    @Test
    void areToldFromOthersByTheirComponent() {
        expectIt();
        FakeDecoder other = new FakeDecoder("other");
        decoders.add(3, "fake", "com.example.Other", other);

        Logs.readQuietly(decoders, "other\nfault A\n", sink);

        assertEquals(List.of("other"), other.texts());
        assertEquals(List.of("fault A"), expected.texts());
        assertFalse(decoders.current().decoders().get(0).expects(COMPONENT), "it is there");
    }
}
