package io.faultline.replay.internal;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.ResponseToken;
import io.faultline.fault.Unit;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A file that takes what goes to command queues, a line of JSON each: {@code time} and {@code
 * time_base}, {@code unit}, {@code hex}, and in {@code answers} what {@code encode} takes, with the
 * number of the record that completed the group.
 *
 * <pre>{@code
 * {"time":1763845321.250118,"time_base":"epoch","unit":"board-priq","hex":"4200...",
 *  "answers":{"to":"page_request_group","code":"SUCCESS","stream":60538,"grpid":219,"pasid":36812,"record":7}}
 * }</pre>
 *
 * <p><b>Threads.</b> Safe for any. A disk that is full costs the lines, never an answer.
 */
final class ResponseFile implements Closeable {
    private final Path path;
    private final Clock clock;
    private final Consumer<String> complain;
    private final JsonGenerator json;

    private volatile boolean dirty;
    private boolean broken;

    /**
     * Begins the file anew.
     *
     * @param complain told once if the file cannot be written further
     */
    ResponseFile(Path path, Clock clock, Consumer<String> complain) throws IOException {
        this.path = path;
        this.clock = clock;
        this.complain = complain;
        this.json =
                new JsonFactoryBuilder()
                        .rootValueSeparator("")
                        .build()
                        .createGenerator(Files.newOutputStream(path));
    }

    /**
     * Writes a line.
     *
     * @param command from position to limit
     * @param group what it answers; null if it is not told
     * @param response the answer; null if {@code group} is
     */
    synchronized void write(
            Unit unit, ByteBuffer command, PageRequestGroup group, Response response) {
        if (broken) {
            return;
        }
        byte[] bytes = new byte[command.remaining()];
        command.get(command.position(), bytes);
        Instant now = clock.instant();
        try {
            json.writeStartObject();
            json.writeFieldName("time");
            json.writeNumber(
                    String.format(
                            Locale.ROOT, "%d.%06d", now.getEpochSecond(), now.getNano() / 1000));
            json.writeStringField("time_base", "epoch");
            json.writeStringField("unit", unit.name());
            json.writeStringField("hex", HexFormat.of().formatHex(bytes));
            json.writeFieldName("answers");
            if (group == null) {
                json.writeNull();
            } else {
                answers(group, response);
            }
            json.writeEndObject();
            json.writeRaw('\n');
            dirty = true;
        } catch (IOException e) {
            breakOff(e);
        }
    }

    /** The keys of a response in the test vectors, and the record. */
    private void answers(PageRequestGroup group, Response response) throws IOException {
        ResponseToken token = group.token();
        json.writeStartObject();
        json.writeStringField("to", group.stalled() ? "stall" : "page_request_group");
        json.writeStringField("code", response.name());
        json.writeNumberField("stream", Integer.toUnsignedLong(group.requester()));
        json.writeNumberField("grpid", group.groupIndex());
        json.writeFieldName("pasid");
        if (group.pasid() == Fault.NO_PASID || !token.withPasid()) {
            json.writeNull();
        } else {
            json.writeNumber(group.pasid());
        }
        if (token.hasPrivateData()) {
            json.writeBooleanField("last", token.last());
            json.writeArrayFieldStart("private_data");
            json.writeString("0x" + Long.toHexString(token.private0()));
            json.writeString("0x" + Long.toHexString(token.private1()));
            json.writeEndArray();
        }
        json.writeNumberField("record", group.sequence());
        json.writeEndObject();
    }

    /** Lets others read what has been written so far; costs nothing if that was done. */
    void flush() {
        if (dirty) {
            synchronized (this) {
                dirty = false;
                try {
                    json.flush();
                } catch (IOException e) {
                    breakOff(e);
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        try {
            json.close();
        } catch (IOException e) {
            breakOff(e);
        }
    }

    private void breakOff(IOException e) {
        if (!broken) {
            broken = true;
            complain.accept(path + ": " + e.getMessage() + "; further responses are not written");
        }
    }
}
