package io.faultline.itest.shared;

/** What is used. */
public final class Shared {
    private Shared() {}
}
