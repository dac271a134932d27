package io.faultline.launcher;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogReaderService;

/** Tells the operator what bundles log: one line each, the cause's message instead of its stack. */
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

    /** Prints from the moment at which a log service appears. */
    static void install(BundleContext context, Consumer<String> out) {
        LogPrinter printer = new LogPrinter(context, out);
        try {
            context.addServiceListener(
                    printer::changed, "(objectClass=" + LogReaderService.class.getName() + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
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
            Throwable cause = entry.getException();
            String why = cause == null ? "" : ": " + Diagnosis.cause(cause);
            String rank = isWarning ? level.name().toLowerCase(Locale.ROOT) + ": " : "";
            Matcher component = COMPONENT.matcher(entry.getMessage());
            if (!component.matches()) {
                out.accept(rank + entry.getMessage() + why);
            } else if (!component.group(4).startsWith(FAILED_ACTIVATION)) {
                out.accept(rank + component.replaceFirst("component $3 (bundle $1 $2): $4") + why);
            }
        }
    }

    /** Felix tells of each bundle and service that comes or goes ({@code Events.*}). */
    private static boolean isOurs(LogEntry entry) {
        return entry.getBundle().getSymbolicName().startsWith("io.faultline.")
                && !entry.getLoggerName().startsWith("Events.");
    }
}
