package io.faultline.kernellog.internal;

/**
 * Where this bundle's messages to the operator go. {@code decode} runs without a log service, so it
 * is the platform's logger that takes them.
 */
final class Messages {
    static final System.Logger LOG = System.getLogger("io.faultline.kernellog");

    private Messages() {}
}
