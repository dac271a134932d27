package io.faultline.mm.internal;

import io.faultline.mm.FaultInResult;
import io.faultline.mm.ScriptedFault;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Scripts as text: {@code fail 3 out_of_memory}, {@code fail 0x1000-0x1fff io_error}, {@code fail 3
 * 0x1000-0x1fff io_error}, {@code block 0x1000-0x1fff}.
 */
final class ScriptText {
    private static final Words.Range EVERYWHERE = new Words.Range(0, -1);

    private ScriptText() {}

    /**
     * Reads a script.
     *
     * @throws IllegalArgumentException says what is allowed
     */
    static ScriptedFault parse(String text) {
        Deque<String> words = new ArrayDeque<>(Words.of(text));
        String verb = words.remove();
        boolean blocks = verb.equals("block");
        if (!blocks && !verb.equals("fail")) {
            throw wrong(text);
        }
        FaultInResult result =
                blocks || words.isEmpty() ? FaultInResult.RESIDENT : result(words.removeLast());
        long nth = 0;
        if (!words.isEmpty() && words.peek().indexOf('-') < 0) {
            nth = Words.number("call", words.remove());
        }
        Words.Range range = words.isEmpty() ? EVERYWHERE : Words.range("range", words.remove());
        if (!words.isEmpty() || (!blocks && result == FaultInResult.RESIDENT)) {
            throw wrong(text);
        }
        return new ScriptedFault(range.first(), range.last(), nth, result);
    }

    private static FaultInResult result(String word) {
        return Arrays.stream(FaultInResult.values())
                .filter(r -> r.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> wrong(word));
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                text
                        + ": expected block [N] [FIRST-LAST] or fail [N] [FIRST-LAST] RESULT, with"
                        + " one of "
                        + List.of(FaultInResult.values()).stream()
                                .filter(r -> r != FaultInResult.RESIDENT)
                                .map(r -> r.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")));
    }
}
