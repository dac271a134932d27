package io.faultline.guest.internal;

import io.faultline.hardware.HardwareUnit;
import io.faultline.queue.Queues;
import java.util.Map;

/** What the server looks up in the running platform. */
interface Platforms {
    /** The unit of that name, or null. */
    HardwareUnit unit(String name);

    /** Bytes of a record of {@code arch:queue}, or 0 if no decoder is installed. */
    int recordBytes(String key);

    /** The dispatcher's settings; null while there is no dispatcher. */
    Map<String, String> settings();

    /** What grants queues, the dispatcher; null while there is none. */
    Queues queues();
}
