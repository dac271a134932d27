package io.faultline.decode.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Only what stands at the end: what each device did. */
final class SummaryReport implements Report {
    private final OutputStream out;
    private final Summary summary;

    SummaryReport(OutputStream out, Summary summary) {
        this.out = out;
        this.summary = summary;
    }

    @Override
    public void accept(Finding finding) {
        summary.add(finding);
    }

    @Override
    public void settle() {}

    @Override
    public void finish() throws IOException {
        summary.write(text -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        out.flush();
    }
}
