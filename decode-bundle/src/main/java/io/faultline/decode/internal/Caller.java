package io.faultline.decode.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who called a command: the streams and the terminal of the caller. The launcher passes them as
 * types of the JDK, since it shares no others with bundles.
 *
 * @param in standard input
 * @param out standard output; safe for several threads
 * @param say prints a line for people on standard error
 * @param progress draws on standard error, over what it drew before; null if that is no terminal
 * @param onInterrupt takes what is to be done on Ctrl-C
 * @param columns of the terminal; 0 if the output goes elsewhere
 * @param colours whether they are welcome
 * @param hasPlugIns whether bundles run that did not ship
 */
record Caller(
        InputStream in,
        OutputStream out,
        Consumer<String> say,
        Consumer<String> progress,
        Consumer<Runnable> onInterrupt,
        int columns,
        boolean colours,
        boolean hasPlugIns) {
    /** Writes lines to the output. */
    void print(Iterable<String> lines) {
        try {
            for (String line : lines) {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the launcher looks why the output failed
        }
    }

    @SuppressWarnings("unchecked") // the launcher's promise
    static Caller of(Map<String, Object> arguments) {
        return new Caller(
                (InputStream) arguments.get("in"),
                (OutputStream) arguments.get("out"),
                (Consumer<String>) arguments.get("say"),
                (Consumer<String>) arguments.get("progress"),
                (Consumer<Runnable>) arguments.get("onInterrupt"),
                (Integer) arguments.get("columns"),
                (Boolean) arguments.get("colours"),
                (Boolean) arguments.get("hasPlugIns"));
    }
}
