package io.faultline.launcher;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogReaderService;

/**
 * Tells the operator what bundles log, through OSGi's log service or the JDK's loggers: one line
 * each, the cause's message instead of its stack.
 */
final class LogPrinter {
    /** What the component runtime writes before a message about a component. */
    private static final Pattern COMPONENT =
            Pattern.compile("bundle (\\S+):\\S+ \\((\\d+)\\)\\[(.+)\\(\\d+\\)\\] : (.*)");

    /** Said in better words by the diagnostics of the shell's bundle. */
    private static final String FAILED_ACTIVATION = "Error during instantiation";

    private final BundleContext context;
    private final Consumer<String> out;

    private LogPrinter(BundleContext context, Consumer<String> out) {
        this.context = context;
        this.out = out;
    }

    /** Prints what is logged from now on. */
    static void install(BundleContext context, Consumer<String> out) {
        LogPrinter printer = new LogPrinter(context, out);
        printer.takeOverJdkLoggers();
        try {
            context.addServiceListener(
                    printer::changed, "(objectClass=" + LogReaderService.class.getName() + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void takeOverJdkLoggers() {
        LogManager.getLogManager().reset();
        LogManager.getLogManager().getLogger("").addHandler(new JdkHandler());
    }

    private void changed(ServiceEvent event) {
        if (event.getType() == ServiceEvent.REGISTERED) {
            ServiceReference<?> reference = event.getServiceReference();
            if (context.getService(reference) instanceof LogReaderService reader) {
                reader.addLogListener(this::print);
            }
        }
    }

    private void print(LogEntry entry) {
        LogLevel level = entry.getLogLevel();
        boolean isWarning = level.compareTo(LogLevel.WARN) <= 0;
        boolean isNews = level == LogLevel.INFO && isOurs(entry);
        if (isWarning || isNews) {
            print(isWarning ? level.name() : "", entry.getMessage(), entry.getException());
        }
    }

    /** Felix tells of each bundle and service that comes or goes ({@code Events.*}). */
    private static boolean isOurs(LogEntry entry) {
        return entry.getBundle().getSymbolicName().startsWith("io.faultline.")
                && !entry.getLoggerName().startsWith("Events.");
    }

    private void print(String rank, String message, Throwable cause) {
        String before = rank.isEmpty() ? "" : rank.toLowerCase(Locale.ROOT) + ": ";
        String why = cause == null ? "" : ": " + Diagnosis.cause(cause);
        Matcher component = COMPONENT.matcher(message);
        if (!component.matches()) {
            out.accept(before + message + why);
        } else if (!component.group(4).startsWith(FAILED_ACTIVATION)) {
            out.accept(before + component.replaceFirst("component $3 (bundle $1 $2): $4") + why);
        }
    }

    /** What {@code System.Logger} leads to. */
    private final class JdkHandler extends Handler {
        private final SimpleFormatter formatter = new SimpleFormatter();

        JdkHandler() {
            setLevel(Level.INFO);
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record)) {
                boolean isWarning = record.getLevel().intValue() >= Level.WARNING.intValue();
                boolean isError = record.getLevel().intValue() >= Level.SEVERE.intValue();
                String rank = isError ? "error" : isWarning ? "warn" : "";
                print(rank, formatter.formatMessage(record), record.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
