package io.faultline.replay.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code NAME.json} beside a dump says of it: {@code queue} with {@code kind}, {@code
 * entry_size}, {@code log2size}, and the index registers at the end, {@code prod} and {@code cons}
 * or {@code tail} and {@code head}; {@code times}, when each record was written, in seconds.
 * Numbers are numbers or strings ({@code "0x17"}); other keys do not matter.
 */
final class SideFile {
    private String arch;
    private String name = "";
    private String kind = "";
    private long entryBytes = -1;
    private long log2Size = -1;
    private Long producer;
    private Long consumer;
    private RecordTimes times;

    private SideFile() {}

    /**
     * Reads the file.
     *
     * @throws IOException says where it is no JSON, or why it cannot be read
     */
    static SideFile read(Path file) throws IOException {
        SideFile side = new SideFile();
        try (JsonParser json = new JsonFactory().createParser(Files.newBufferedReader(file))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException(file.getFileName() + ": no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                if (json.nextToken() == JsonToken.START_OBJECT && key.equals("queue")) {
                    side.queue(json);
                } else if (key.equals("arch") && json.currentToken() == JsonToken.VALUE_STRING) {
                    side.arch = json.getText();
                } else if (key.equals("name") && json.currentToken() == JsonToken.VALUE_STRING) {
                    side.name = json.getText();
                } else if (key.equals("times") && json.currentToken() == JsonToken.START_ARRAY) {
                    side.times(json);
                } else {
                    json.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file.getFileName()
                            + ": line "
                            + e.getLocation().getLineNr()
                            + ": "
                            + e.getOriginalMessage(),
                    e);
        } catch (NumberFormatException e) {
            throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
        }
        return side;
    }

    private void queue(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken token = json.nextToken();
            if (!token.isScalarValue()) {
                json.skipChildren();
                continue;
            }
            String value = json.getText();
            switch (key) {
                case "kind" -> kind = value;
                case "entry_size" -> entryBytes = number(key, value);
                case "log2size" -> log2Size = number(key, value);
                case "prod", "tail" -> producer = number(key, value);
                case "cons", "head" -> consumer = number(key, value);
                default -> {} // for people
            }
        }
    }

    private void times(JsonParser json) throws IOException {
        List<Long> each = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (!json.currentToken().isScalarValue()) {
                throw new NumberFormatException("times: a time is a number of seconds");
            }
            each.add(time(each.size(), json.getText()));
        }
        times =
                each.isEmpty()
                        ? null
                        : new RecordTimes(each.stream().mapToLong(Long::longValue).toArray());
    }

    private static long time(int index, String text) {
        try {
            return RecordTimes.parse(text);
        } catch (NumberFormatException e) {
            throw new NumberFormatException(
                    "times: number " + (index + 1) + ": " + text + " is no time in seconds");
        }
    }

    private static long number(String key, String text) {
        try {
            return text.startsWith("0x")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new NumberFormatException("queue: " + key + "=" + text + " is no number");
        }
    }

    /** Of what queue the dump is, if this file says so. */
    Optional<QueueName> queueName() {
        String named =
                arch != null ? arch : QueueName.ofFile(name).map(QueueName::arch).orElse(null);
        return named == null ? Optional.empty() : QueueName.described(named, kind);
    }

    /** How long a record is, or -1. */
    long entryBytes() {
        return entryBytes;
    }

    /** How many records the queue holds, or -1. */
    long slots() {
        return log2Size >= 0 && log2Size < Integer.SIZE - 1 ? 1L << log2Size : -1;
    }

    /** Whether both index registers are known. */
    boolean hasIndices() {
        return producer != null && consumer != null;
    }

    /** When each record was written, or null. */
    RecordTimes times() {
        return times;
    }

    /** The register that hardware moves. */
    long producer() {
        return producer;
    }

    /** The register that software moves. */
    long consumer() {
        return consumer;
    }
}
