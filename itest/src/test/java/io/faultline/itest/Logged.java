package io.faultline.itest;

import io.faultline.exam.Await;
import java.util.Collections;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogReaderService;

/** What bundles have logged. */
final class Logged {
    private Logged() {}

    /** Waits until a message holds a text. */
    static void await(LogReaderService log, String part) {
        Await.until(
                "log",
                () -> Collections.list(log.getLog()).stream().map(LogEntry::getMessage).toList(),
                messages -> messages.stream().anyMatch(message -> message.contains(part)));
    }
}
