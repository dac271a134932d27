package io.faultline.kernellog.internal;

import java.util.Map;

/**
 * The settings of a live log.
 *
 * @param path the device, or a file that is appended to
 * @param fromStart whether what is there already is read, too
 */
record LiveLog(String path, boolean fromStart) {
    static final String PID = "io.faultline.kernellog.kmsg";

    /**
     * Reads the settings of {@link LiveLogConfig}.
     *
     * @throws IllegalArgumentException if one of them makes no sense
     */
    static LiveLog of(Map<String, Object> properties) {
        String path = String.valueOf(properties.getOrDefault("path", LiveLogConfig.DEVICE));
        String from = String.valueOf(properties.getOrDefault("from", LiveLogConfig.NOW));
        if (path.isBlank() || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    PID
                            + ": path=\""
                            + path
                            + "\" is no file; the default is "
                            + LiveLogConfig.DEVICE);
        }
        if (!from.equals(LiveLogConfig.NOW) && !from.equals(LiveLogConfig.START)) {
            throw new IllegalArgumentException(
                    PID + ": from=" + from + " is unknown; allowed are now and start");
        }
        return new LiveLog(path, from.equals(LiveLogConfig.START));
    }
}
