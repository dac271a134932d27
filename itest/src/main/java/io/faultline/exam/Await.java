package io.faultline.exam;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what happens on another thread of the framework. */
public final class Await {
    private static final long TIMEOUT_SECONDS = 60;

    private Await() {}

    /**
     * Waits until a value is as it should be.
     *
     * @param what names the value when it does not become so
     * @param value looked at again and again
     * @param holds what should be true of it
     * @return the value for which it was
     * @throws AssertionError after a minute, with the last value
     */
    public static <T> T until(String what, Supplier<T> value, Predicate<? super T> holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            T present = value.get();
            if (holds.test(present)) {
                return present;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        what + " is still " + present + " after " + TIMEOUT_SECONDS + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
