package io.faultline.replay.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** The files that take responses: replays that name the same file share it. */
@Component(service = ResponseFiles.class)
public final class ResponseFiles {
    private final Map<Path, Shared> files = new HashMap<>();
    private final Logger log;

    /** A file and how many replays write to it. */
    private static final class Shared {
        private final ResponseFile file;
        private int users;

        Shared(ResponseFile file) {
            this.file = file;
        }
    }

    /** Called by DS. */
    @Activate
    public ResponseFiles(@Reference(service = LoggerFactory.class) Logger log) {
        this.log = log;
    }

    /**
     * Opens a file, or joins those who have.
     *
     * @param path the file; who opens it first begins it anew
     * @throws IOException if it cannot be written
     */
    synchronized ResponseFile open(Path path) throws IOException {
        Shared shared = files.get(path);
        if (shared == null) {
            shared =
                    new Shared(
                            new ResponseFile(
                                    path,
                                    Clock.systemUTC(),
                                    complaint -> log.error("{}", complaint)));
            files.put(path, shared);
        }
        shared.users++;
        return shared.file;
    }

    /** Leaves a file; the last one closes it. */
    synchronized void leave(Path path) {
        Shared shared = files.get(path);
        if (--shared.users == 0) {
            files.remove(path);
            shared.file.close();
        }
    }

    @Deactivate
    synchronized void close() {
        files.values().forEach(shared -> shared.file.close());
        files.clear();
    }
}
