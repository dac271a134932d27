package io.faultline.log;

import java.io.InputStream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Finds the lines of kernel logs that installed {@link LineDecoder}s know, whatever the log's form.
 * Decoders come and go between lines. Memory does not grow with the input.
 *
 * <p><b>Threads.</b> Safe for any thread; each source it opens is used by one.
 */
@ProviderType
public interface LogScanner {
    /**
     * Begins reading a log from a stream: text as {@code dmesg}, syslog or a serial console print
     * it, or {@code /dev/kmsg} records; which of them is told from the content.
     *
     * @param name the source's name, for messages
     * @param input the text, of any encoding; closed with the source
     * @return the log; {@link LogSource#read} waits for the stream
     */
    LogSource open(String name, InputStream input);
}
