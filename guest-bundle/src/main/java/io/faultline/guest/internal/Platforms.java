package io.faultline.guest.internal;

import io.faultline.hardware.HardwareUnit;
import java.util.Map;

/** What the server looks up in the running platform. */
interface Platforms {
    /** The unit of that name, or null. */
    HardwareUnit unit(String name);

    /** Bytes of a record of {@code arch:queue}, or 0 if no decoder is installed. */
    int recordBytes(String key);

    /** The dispatcher's settings. */
    Map<String, String> settings();
}
