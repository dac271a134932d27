package io.faultline.mm.internal;

import io.faultline.mm.ScriptedFault;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLongArray;

/** The scripts of a space, and who waits for them to be changed. */
final class Scripts {
    static final Scripts NONE = new Scripts(List.of());

    private final ScriptedFault[] scripts;
    private final AtomicLongArray calls;
    private final CountDownLatch replaced = new CountDownLatch(1);

    Scripts(List<ScriptedFault> scripts) {
        this(scripts.toArray(ScriptedFault[]::new), new AtomicLongArray(scripts.size()));
    }

    private Scripts(ScriptedFault[] scripts, AtomicLongArray calls) {
        this.scripts = scripts;
        this.calls = calls;
    }

    /** The same scripts with the same counts, for those who have not waited yet. */
    Scripts again() {
        return scripts.length == 0 ? this : new Scripts(scripts, calls);
    }

    /** The script that decides about a call, or null. The call is counted. */
    ScriptedFault next(long address) {
        for (int i = 0; i < scripts.length; i++) {
            ScriptedFault script = scripts[i];
            if (contains(script, address)
                    && (script.nth() == 0 || calls.incrementAndGet(i) == script.nth())) {
                return script;
            }
        }
        return null;
    }

    /** The script that would decide about the next call, or null. */
    ScriptedFault peek(long address) {
        for (int i = 0; i < scripts.length; i++) {
            ScriptedFault script = scripts[i];
            if (contains(script, address)
                    && (script.nth() == 0 || calls.get(i) + 1 == script.nth())) {
                return script;
            }
        }
        return null;
    }

    private static boolean contains(ScriptedFault script, long address) {
        return Long.compareUnsigned(address, script.first()) >= 0
                && Long.compareUnsigned(address, script.last()) <= 0;
    }

    /** Whether they are the scripts that somebody waits for already. */
    boolean areThoseOf(Scripts other) {
        return scripts == other.scripts;
    }

    void awaitReplaced() throws InterruptedException {
        replaced.await();
    }

    void replaced() {
        replaced.countDown();
    }
}
