package io.faultline.platform;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something whose troubles an operator should see. Register it as a service: what it says is part
 * of {@link Platform#health()} for as long as it says it.
 *
 * <p><b>Threads.</b> Called from any thread, never from a lane; should not wait for anything.
 */
@ConsumerType
public interface HealthSource {
    /**
     * What needs attention now, such as settings that were refused (R5).
     *
     * @return sentences that name cause, place and remedy; empty if all is well
     */
    List<String> health();
}
