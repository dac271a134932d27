package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Calls bundles as the program does: by Java's own types, so from any bundle and from outside. */
final class Shell {
    private Shell() {}

    /** What a shell command prints. */
    static String run(BundleContext context, String command) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int code = command(context, "exec").applyAsInt(Map.of("commands", command, "out", out));
        String text = printed.toString(StandardCharsets.UTF_8).strip();
        assertEquals(0, code, text);
        return text;
    }

    static boolean isThere(BundleContext context) {
        return !references(context, "exec").isEmpty();
    }

    /** What the program calls a bundle by. */
    static ToIntFunction<Map<String, Object>> command(BundleContext context, String name) {
        @SuppressWarnings("unchecked") // the type that faultline.command promises
        var command =
                (ToIntFunction<Map<String, Object>>)
                        context.getService(references(context, name).iterator().next());
        return command;
    }

    @SuppressWarnings("rawtypes") // so is the class that names the type
    private static Collection<ServiceReference<ToIntFunction>> references(
            BundleContext context, String name) {
        try {
            return context.getServiceReferences(
                    ToIntFunction.class, "(faultline.command=" + name + ")");
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
