package io.faultline.kernellog.internal;

import io.faultline.handler.Ticker;
import io.faultline.log.LineSink;
import io.faultline.log.LogSource;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The live kernel log as a source of observed faults. Without a configuration there is none. A log
 * that cannot be opened is said so, and the platform goes on without it.
 *
 * <p><b>Threads.</b> A lane reads; configurations come from any thread.
 */
@Component(
        service = LogSource.class,
        configurationPid = LiveLog.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LiveLogConfig.class)
public final class KmsgFollower implements LogSource {
    private final LogScannerComponent scanner;

    /** Read by the lane, closed by anybody. */
    private volatile Followed present;

    /** Set by whoever configures; the lane goes over to it when the present one is read up. */
    private volatile Followed newest;

    private volatile boolean stopped;
    private Runnable wake;

    /**
     * What is followed.
     *
     * @param reader null if it cannot be
     * @param log null if it cannot be
     */
    private record Followed(LiveLog settings, FollowingReader reader, ScannedLog log) {
        boolean goesOn() {
            return reader != null && !reader.hasEnded();
        }

        void stopReading() {
            if (reader != null) {
                reader.stop();
            }
        }

        void close() throws IOException {
            if (log != null) {
                log.close();
            }
        }
    }

    /**
     * Called by DS.
     *
     * @throws IllegalArgumentException if a setting makes no sense
     */
    @Activate
    public KmsgFollower(@Reference LogScannerComponent scanner, Map<String, Object> properties) {
        this.scanner = scanner;
        this.newest = follow(LiveLog.of(properties));
        this.present = newest;
    }

    /** Without this method a change of settings would end the log's lane. */
    @Modified
    synchronized void configure(Map<String, Object> properties) {
        LiveLog settings = LiveLog.of(properties); // a bad setting is refused, the old ones stay
        Followed before = newest;
        if (!before.settings().equals(settings) || !before.goesOn()) {
            newest = follow(settings);
            before.stopReading();
        }
    }

    @Deactivate
    synchronized void stop() {
        stopped = true;
        try {
            newest.stopReading();
            present.close();
        } catch (IOException e) {
            Messages.LOG.log(Level.WARNING, "kernellog: " + name() + ": cannot be closed", e);
        }
    }

    private Followed follow(LiveLog settings) {
        String name = settings.path();
        try {
            DeviceOrFile file = new DeviceOrFile(Path.of(name), settings.fromStart());
            boolean skips = file.isDevice() && !settings.fromStart();
            OldRecords old = skips ? new OldRecords(System.nanoTime()) : null;
            FollowingReader reader = new FollowingReader(name, file, old, Ticker.SYSTEM);
            reader.listen(wake);
            reader.start();
            return new Followed(settings, reader, scanner.open(name, reader));
        } catch (IOException | InvalidPathException e) {
            Messages.LOG.log(Level.WARNING, "kernellog: {0}: {1}", name, obstacle(e));
            return new Followed(settings, null, null);
        }
    }

    /** Why it is not followed, and what helps. */
    private static String obstacle(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "does not exist; the live kernel log is not followed";
        }
        String reason = e.getMessage();
        if (e instanceof AccessDeniedException) {
            reason = "permission denied";
        } else if (e instanceof FileSystemException denied && denied.getReason() != null) {
            reason = denied.getReason();
        }
        return "may not be read ("
                + reason
                + "); the live kernel log is not followed. Run as root, or allow it to everyone:"
                + " sysctl kernel.dmesg_restrict=0";
    }

    @Override
    public String name() {
        return newest.settings().path();
    }

    @Override
    public int read(LineSink out, int limit) throws IOException {
        Followed now = present;
        if (now.log() != null) {
            int reports = now.log().read(out, limit);
            if (reports != ENDED) {
                return reports;
            }
            now.close();
        }
        if (stopped) {
            return ENDED;
        }
        present = newest;
        return 0;
    }

    @Override
    public synchronized boolean listen(Runnable listener) {
        wake = listener;
        if (newest.reader() != null) {
            newest.reader().listen(listener);
        }
        return true;
    }

    /** It goes with its component. */
    @Override
    public void close() {
        stop();
    }
}
