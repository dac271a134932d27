package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FittedSearchTest {
    /** What other decoders want is another search. */
    private static final List<LiteralSearch> SEARCHES =
            List.of(
                    search("abab", "bbbbbb", "ababbbaa"),
                    search("aaaabb", "bababa"),
                    search("aabaabaabaab", "bbbbbbbaaaaaaa"));

    private static LiteralSearch search(String... literals) {
        return new LiteralSearch(
                List.of(literals).stream().map(text -> new Grams.Literal(text, 1)).toList());
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.strings().withChars('a', 'b', 'c', '\n').ofMaxLength(2000);
    }

    @Property(tries = 500)
    void findsTheSameLinesAsWhenItIsNotFitted(
            @ForAll("text") String text,
            @ForAll @Size(min = 1, max = 9) List<@IntRange(max = 2) Integer> wanted,
            @ForAll @IntRange(min = 1, max = 300) int pieceBytes,
            @ForAll @IntRange(max = 500) int firstBytes,
            @ForAll @IntRange(max = 500) int sampleBytes) {
        FittedSearch fitted = new FittedSearch(firstBytes, sampleBytes);
        byte[] bytes = Logs.bytes(text);
        ByteBuffer buffer = LiteralSearch.littleEndian(bytes);
        int piece = 0;
        for (int from = 0; from < bytes.length; from += pieceBytes) {
            // Each for a while, and then another one.
            LiteralSearch search = SEARCHES.get(wanted.get(piece++ / 8 % wanted.size()));
            int to = Math.min(bytes.length, from + pieceBytes);

            int found = fitted.next(search, buffer, from, to);

            int expected = search.next(buffer, from, to);
            assertEquals(line(bytes, expected, from, to), line(bytes, found, from, to));
        }
    }

    private static int line(byte[] bytes, int place, int from, int to) {
        return place == to ? to : Newlines.lineStart(bytes, place, from);
    }
}
