package io.faultline.decode.internal;

import io.faultline.hardware.ResponseEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Responses in, commands out: a line each. A line that gives no command is empty, so that the lines
 * of output and input go together.
 */
final class Encoding {
    private static final int LONGEST_LINE = 1 << 16;

    private final String arch;
    private final ResponseEncoder encoder;
    private final Inputs.Input input;
    private final Caller caller;
    private final ByteBuffer command;
    private boolean failed;

    Encoding(String arch, ResponseEncoder encoder, Inputs.Input input, Caller caller) {
        this.arch = arch;
        this.encoder = encoder;
        this.input = input;
        this.caller = caller;
        this.command = ByteBuffer.allocate(encoder.commandBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Encodes all lines; gives 0, or 1 if some could not be encoded. */
    int run() throws IOException {
        Lines lines = new Lines(input.stream(), LONGEST_LINE);
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (!new String(line, StandardCharsets.ISO_8859_1).isBlank()) {
                String hex = encode(line, lines);
                print(hex + "\n");
            }
        }
        return failed ? 1 : 0;
    }

    private void print(String text) throws OutputFailed {
        try {
            caller.out().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new OutputFailed(e);
        }
    }

    /** The command in hex, or nothing: why was told. */
    private String encode(byte[] line, Lines lines) {
        try {
            if (lines.wasCut()) {
                throw new IllegalArgumentException("is longer than " + LONGEST_LINE + " bytes");
            }
            ResponseLine response = ResponseLine.parse(line);
            command.clear();
            if (!put(response)) {
                throw new IllegalArgumentException(
                        arch
                                + " cannot express this answer, or lacks a key that names whom it"
                                + " is for");
            }
            return HexFormat.of().formatHex(command.array(), 0, command.position());
        } catch (IllegalArgumentException e) {
            failed = true;
            caller.say().accept(input.name() + ": line " + lines.number() + ": " + e.getMessage());
            return "";
        }
    }

    private boolean put(ResponseLine response) {
        return response.to() == ResponseLine.To.STREAM
                ? encoder.endStalls(response.stream(), command)
                : encoder.encode(response.group(arch), response.code(), command);
    }
}
