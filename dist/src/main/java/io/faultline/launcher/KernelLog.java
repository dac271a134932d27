package io.faultline.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Map;
import org.osgi.framework.FrameworkUtil;

/** The live kernel log, as a configuration of the source that follows it. */
final class KernelLog {
    static final String PID = "io.faultline.kernellog.kmsg";

    private static final Path DEVICE = Path.of("/dev/kmsg");

    private KernelLog() {}

    /** Why it cannot be followed, or null if it can. Opening it is what the kernel checks. */
    static String obstacle() {
        try {
            Files.newInputStream(DEVICE).close();
            return null;
        } catch (IOException e) {
            return DEVICE
                    + ": "
                    + Problem.of(e)
                    + ": the live kernel log is not followed (it takes root, or CAP_SYSLOG where"
                    + " kernel.dmesg_restrict is set)";
        }
    }

    static Dictionary<String, Object> configuration() {
        return FrameworkUtil.asDictionary(Map.of("path", DEVICE.toString()));
    }
}
