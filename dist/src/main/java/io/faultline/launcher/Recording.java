package io.faultline.launcher;

import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.FrameworkUtil;

/**
 * A log or dump to be played.
 *
 * @param file where it lies
 * @param rate {@code max}, {@code recorded}, or records a second
 * @param loop whether to begin again at its end
 * @param responses where what goes to its command queue is written, or null
 */
record Recording(Path file, String rate, boolean loop, Path responses) {
    /** The factory whose configurations each play one recording. */
    static final String FACTORY_PID = "io.faultline.replay";

    Dictionary<String, Object> configuration() {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put("file", file.toString());
        configuration.put("rate", rate);
        configuration.put("loop", loop);
        if (responses != null) {
            configuration.put("responses", responses.toAbsolutePath().toString());
        }
        return FrameworkUtil.asDictionary(configuration);
    }
}
