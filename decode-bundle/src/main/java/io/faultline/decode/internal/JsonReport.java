package io.faultline.decode.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** A line of JSON for each finding. Lines are written whole. */
final class JsonReport implements Report {
    private static final long LARGEST_NUMBER = 0xffff_ffffL;

    private static final JsonFactory JSON =
            new JsonFactoryBuilder().rootValueSeparator((String) null).build();

    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private final JsonGenerator json;
    private final Keys keys = new Keys();

    JsonReport(OutputStream out) throws IOException {
        this.out = out;
        this.json = JSON.createGenerator(line);
    }

    @Override
    public void accept(Finding finding) throws IOException {
        keys.clear();
        finding.describe(keys);
        write(keys);
        json.flush();
        line.write('\n');
        line.writeTo(out);
        line.reset();
    }

    private void write(Keys object) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, Object> entry : object.values().entrySet()) {
            json.writeFieldName(entry.getKey());
            write(entry.getValue());
        }
        json.writeEndObject();
    }

    private void write(Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Long number) {
            write(number.longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Keys.Seconds seconds) {
            json.writeNumber(seconds.toString());
        } else if (value instanceof Keys object) {
            write(object);
        } else if (value instanceof List<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                write(element);
            }
            json.writeEndArray();
        } else {
            json.writeString(value.toString());
        }
    }

    /** Up to 32 bits a number, beyond that text: JSON readers lose the low bits of wider ones. */
    private void write(long number) throws IOException {
        long unsigned =
                number < 0 && number >= Integer.MIN_VALUE ? number & LARGEST_NUMBER : number;
        if (unsigned >= 0 && unsigned <= LARGEST_NUMBER) {
            json.writeNumber(unsigned);
        } else {
            json.writeString("0x" + Long.toHexString(unsigned));
        }
    }

    @Override
    public void settle() throws IOException {
        out.flush();
    }

    @Override
    public void finish() throws IOException {
        out.flush();
    }
}
