package io.faultline.decode.internal;

import java.util.ArrayList;
import java.util.List;

/** Keeps what was found. */
final class Found implements Findings {
    private final List<Finding> findings = new ArrayList<>();

    @Override
    public void accept(Finding finding) {
        findings.add(finding);
    }

    List<Finding> all() {
        return findings;
    }

    Finding only() {
        if (findings.size() != 1) {
            throw new AssertionError("one finding expected: " + findings);
        }
        return findings.get(0);
    }

    /** {@code kind record}, or {@code reason record} for what is malformed. */
    List<String> words() {
        return findings.stream().map(Found::word).toList();
    }

    private static String word(Finding finding) {
        String what = finding instanceof MalformedFinding m ? m.why() : finding.kind();
        return what + " " + finding.place().number();
    }

    /** The value of a key of the only finding. */
    Object value(String key) {
        Keys keys = new Keys();
        only().describe(keys);
        return keys.values().get(key);
    }
}
