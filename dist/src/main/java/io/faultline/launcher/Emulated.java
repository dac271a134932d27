package io.faultline.launcher;

import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.FrameworkUtil;

/**
 * An emulated unit to be started.
 *
 * @param program the QEMU that emulates it, or null: Debian's for Arm
 */
record Emulated(Path program) {
    /** The factory whose configurations each start one. */
    static final String FACTORY_PID = "io.faultline.qemu";

    /** Shows what it is for, once it is up: a device touches an address that nobody has mapped. */
    static final String FIRST_FAULT = "faultline:qemu fault 00:05.0 write 0x12345000";

    Dictionary<String, Object> configuration() {
        Map<String, Object> configuration = new HashMap<>();
        if (program != null) {
            configuration.put("qemu", program.toAbsolutePath().toString());
        }
        return FrameworkUtil.asDictionary(configuration);
    }
}
