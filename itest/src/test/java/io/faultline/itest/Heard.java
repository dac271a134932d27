package io.faultline.itest;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;

/** What our bundles log while a test runs, by whichever of the two logs; kept off the console. */
final class Heard implements AutoCloseable {
    private static final String OURS = "io.faultline.";

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("io.faultline");
    private final LogReaderService reader;
    private final LogListener listener = this::hear;

    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord record) {
                    messages.add(record.getMessage());
                }

                @Override
                public void flush() {
                    // nothing is held back
                }

                @Override
                public void close() {
                    // nothing is open
                }
            };

    Heard(LogReaderService reader) {
        this.reader = reader;
        reader.addLogListener(listener);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    private void hear(LogEntry entry) {
        if (entry.getBundle().getSymbolicName().startsWith(OURS)
                && !entry.getLoggerName().startsWith("Events.")) {
            messages.add(entry.getMessage());
        }
    }

    /** The first message that has all these parts, or null. */
    String find(String... parts) {
        return messages.stream()
                .filter(message -> Stream.of(parts).allMatch(message::contains))
                .findFirst()
                .orElse(null);
    }

    List<String> messages() {
        return List.copyOf(messages);
    }

    @Override
    public void close() {
        reader.removeLogListener(listener);
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    @Override
    public String toString() {
        return String.join("\n     ", messages);
    }
}
