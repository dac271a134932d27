package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.testkit.FaultBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseFileTest {
    private static final Unit UNIT = new Unit("smmuv3", "smmu \"0\"");
    private static final ByteBuffer COMMAND = ByteBuffer.wrap(new byte[] {0x0f, (byte) 0xa1});

    @TempDir Path folder;
    private Path path;
    private ResponseFile file;
    private final List<String> complaints = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        path = folder.resolve("responses.jsonl");
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00.25Z"), ZoneOffset.UTC);
        file = new ResponseFile(path, clock, complaints::add);
    }

    @Test
    void writesALineWithWhatEncodeTakes() throws IOException {
        PageRequestGroup group =
                new FaultBuilder()
                        .requester(0xcfe0_0000)
                        .pasid(5)
                        .with(FaultBits.ANSWER_WITH_PASID)
                        .sequence(7)
                        .pageRequests(219);

        file.write(UNIT, COMMAND, group, Response.SUCCESS);
        file.flush();

        assertEquals(
                "{\"time\":1767225600.250000,\"time_base\":\"epoch\",\"unit\":\"smmu \\\"0\\\"\","
                        + "\"hex\":\"0fa1\",\"answers\":{\"to\":\"page_request_group\","
                        + "\"code\":\"SUCCESS\",\"stream\":3487563776,\"grpid\":219,\"pasid\":5,"
                        + "\"record\":7}}\n",
                Files.readString(path));
        assertEquals(0, COMMAND.position());
    }

    @Test
    void tellsStallsAndPrivateData() throws IOException {
        file.write(
                UNIT,
                COMMAND,
                new FaultBuilder().pasid(5).stall(Reason.UNKNOWN, 9),
                Response.INVALID);
        PageRequestGroup withPrivateData =
                new FaultBuilder()
                        .with(FaultBits.PRIVATE_DATA)
                        .raw(1, 2, 0xaL, -1L)
                        .pageRequests(3);
        file.write(UNIT, COMMAND, withPrivateData, Response.FAILURE);
        file.write(UNIT, COMMAND, null, null);
        file.close();

        List<JsonNode> lines = lines();

        assertEquals("stall", lines.get(0).at("/answers/to").asText());
        assertTrue(lines.get(0).at("/answers/pasid").isNull());
        assertEquals(
                "[\"0xa\",\"0xffffffffffffffff\"]",
                lines.get(1).at("/answers/private_data").toString());
        assertTrue(lines.get(2).get("answers").isNull());
    }

    @Test
    void keepsLinesWholeWhenManyThreadsWrite() throws Exception {
        List<Thread> threads =
                IntStream.range(0, 4)
                        .mapToObj(
                                i ->
                                        new Thread(
                                                () -> {
                                                    for (int n = 0; n < 1000; n++) {
                                                        file.write(UNIT, COMMAND, null, null);
                                                        file.flush();
                                                    }
                                                }))
                        .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        file.close();

        assertEquals(4000, lines().size());
        assertEquals(List.of(), complaints);
    }

    @Test
    void isSharedByThoseWhoNameIt() throws IOException {
        ResponseFiles files = new ResponseFiles(null);
        Path shared = folder.resolve("shared.jsonl");
        ResponseFile one = files.open(shared);
        ResponseFile other = files.open(shared);
        one.write(UNIT, COMMAND, null, null);
        other.write(UNIT, COMMAND, null, null);

        files.leave(shared);
        other.flush();

        assertEquals(2, Files.readAllLines(shared).size());
        files.leave(shared);
        files.open(shared).close();
        assertEquals(0, Files.size(shared));
    }

    @Test
    void portTakesCommandsUntilItIsClosed() throws IOException {
        AnswerPort port = new AnswerPort(UNIT, file);
        assertTrue(port.submit(COMMAND));
        port.flushEachAnswer();
        assertTrue(port.submit(COMMAND));
        assertEquals(2, lines().size());

        port.close();

        var late = assertThrows(IllegalStateException.class, () -> port.submit(COMMAND));
        assertEquals("smmu \"0\": the replay has ended", late.getMessage());
    }

    private List<JsonNode> lines() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(path)) {
            lines.add(json.readTree(line));
        }
        return lines;
    }
}
