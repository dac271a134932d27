package io.faultline.decode.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The faults that a test farm expects. A rule a line; each fault counts for the first rule that
 * fits and has room. The format is told in {@code docs/decode.md}.
 */
final class AllowList {
    private final String name;
    private final List<AllowRule> rules;

    private AllowList(String name, List<AllowRule> rules) {
        this.name = name;
        this.rules = rules;
    }

    /**
     * Reads a file of rules.
     *
     * @throws WrongUse if it cannot be read or a rule is wrong: says which and why
     */
    static AllowList read(String file) {
        String text;
        try {
            text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new WrongUse(file + ": " + Inputs.problem(e));
        }
        List<AllowRule> rules = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            int comment = line.indexOf('#');
            String rule = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!rule.isEmpty()) {
                try {
                    rules.add(AllowRule.parse(rule));
                } catch (IllegalArgumentException e) {
                    throw new WrongUse(file + ": line " + number + ": " + e.getMessage());
                }
            }
        }
        return new AllowList(file, rules);
    }

    /** The file's name. */
    String name() {
        return name;
    }

    /**
     * Whether something is expected. What is no fault and hides none is: a hint, a stop marker, a
     * status line.
     */
    boolean allows(Finding finding) {
        if (finding instanceof MalformedFinding) {
            return false;
        }
        if (finding instanceof Remark remark && !remark.isSuppressed() && !remark.isLost()) {
            return true;
        }
        if (finding instanceof FaultFinding found && !isFault(found)) {
            return true;
        }
        return rules.stream().anyMatch(rule -> rule.take(finding));
    }

    private static boolean isFault(FaultFinding found) {
        return switch (found.fault().kind()) {
            case UNRECOVERABLE, PAGE_REQUEST -> true;
            case HINT, STOP_MARKER -> false;
        };
    }
}
