package io.faultline.shell.internal;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Runs shell commands for the program's {@code --exec}, one after the other; one that fails does
 * not keep the others from running.
 *
 * <p>Takes {@code commands}, separated by semicolons; {@code in}, {@code out} and {@code err}, its
 * streams; {@code say}, which takes a message about a command that failed, a line each. Gives 1 if
 * one did, else 0.
 */
@Component(service = ToIntFunction.class, property = "faultline.command=exec")
public final class ExecCommand implements ToIntFunction<Map<String, Object>> {
    private final CommandProcessor processor;
    private final Runnable beforehand;

    /** Called by DS. */
    @Activate
    public ExecCommand(@Reference CommandProcessor processor, @Reference Diagnostics diagnostics) {
        // The program may stop right behind the commands: what went wrong before them is said now.
        this(processor, diagnostics::lookForFailures);
    }

    ExecCommand(CommandProcessor processor, Runnable beforehand) {
        this.processor = processor;
        this.beforehand = beforehand;
    }

    @Override
    public int applyAsInt(Map<String, Object> arguments) {
        PrintStream out = print((OutputStream) arguments.get("out"));
        PrintStream err = arguments.get("err") instanceof OutputStream o ? print(o) : out;
        InputStream in = (InputStream) arguments.getOrDefault("in", InputStream.nullInputStream());
        @SuppressWarnings("unchecked") // the type that this command's contract names
        Consumer<String> say =
                (Consumer<String>) arguments.getOrDefault("say", (Consumer<String>) err::println);
        int failed = 0;
        beforehand.run();
        try (CommandSession session = processor.createSession(in, out, err)) {
            session.put("SCOPE", Scope.NAME + ":gogo:*");
            for (String command : split((String) arguments.get("commands"))) {
                try {
                    Object result = session.execute(command);
                    if (result != null && !(result instanceof Boolean)) { // grep's "found"
                        out.println(session.format(result, Converter.INSPECT));
                    }
                } catch (Exception e) { // whatever a command throws is that command's failure
                    failed++;
                    say.accept("exec: " + command + ": " + Causes.line(e));
                }
            }
        }
        out.flush();
        return failed == 0 ? 0 : 1;
    }

    private static PrintStream print(OutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    /** The commands between semicolons that stand in no quotes, brackets or braces. */
    static List<String> split(String commands) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        char quote = 0;
        int depth = 0;
        for (int i = 0; i < commands.length(); i++) {
            char c = commands.charAt(i);
            if (c == '\\' && i + 1 < commands.length()) {
                part.append(c).append(commands.charAt(++i));
                continue;
            }
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if ("{[(".indexOf(c) >= 0) {
                depth++;
            } else if ("}])".indexOf(c) >= 0) {
                depth--;
            }
            if (c == ';' && quote == 0 && depth == 0) {
                addUnlessBlank(parts, part);
            } else {
                part.append(c);
            }
        }
        addUnlessBlank(parts, part);
        return parts;
    }

    private static void addUnlessBlank(List<String> parts, StringBuilder part) {
        if (!part.toString().isBlank()) {
            parts.add(part.toString().strip());
        }
        part.setLength(0);
    }
}
