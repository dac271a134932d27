package io.faultline.shell.internal;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;

/** Gogo itself, without a framework around it. There can be one at a time. */
final class Gogo implements AutoCloseable {
    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final CommandProcessorImpl processor;

    /**
     * @param commands whose public methods are commands
     */
    Gogo(Object commands) {
        threadIo.start();
        processor = new CommandProcessorImpl(threadIo);
        for (Method method : commands.getClass().getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers())) {
                processor.addCommand(Scope.NAME, commands, method.getName());
            }
        }
    }

    /** What a line of commands prints. */
    static String run(Object commands, String line) throws Exception {
        try (Gogo gogo = new Gogo(commands)) {
            return gogo.run(line);
        }
    }

    CommandProcessor processor() {
        return processor;
    }

    private String run(String line) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        try (CommandSession session =
                processor.createSession(InputStream.nullInputStream(), out, out)) {
            session.execute(line);
        }
        return printed.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public void close() {
        processor.stop();
        threadIo.stop();
    }
}
