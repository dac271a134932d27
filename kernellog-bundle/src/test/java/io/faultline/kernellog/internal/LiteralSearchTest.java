package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralSearchTest {
    private static LiteralSearch searchFor(List<String> literals) {
        List<Grams.Literal> wanted = new ArrayList<>();
        for (int i = 0; i < literals.size(); i++) {
            wanted.add(new Grams.Literal(literals.get(i), 1L << i));
        }
        return new LiteralSearch(wanted);
    }

    private static LiteralSearch searchFor(List<String> literals, String sample) {
        byte[] bytes = Logs.bytes(sample);
        return searchFor(literals).fittedTo(LiteralSearch.littleEndian(bytes), 0, bytes.length);
    }

    /** Few letters, so that literals occur, overlap and nearly occur. */
    @Provide
    Arbitrary<List<String>> literals() {
        return Arbitraries.strings()
                .withChars('a', 'b')
                .ofMinLength(4)
                .ofMaxLength(20)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.strings().withChars('a', 'b', 'c', '\n').ofMaxLength(400);
    }

    /** Of no use, like the text, or such that the rarest gram is in none or in all literals. */
    @Provide
    Arbitrary<String> sample() {
        return Arbitraries.oneOf(
                Arbitraries.of("", "c", "a".repeat(2000), "ab".repeat(1000)),
                text(),
                literals().map(literals -> String.join("", literals)),
                Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(400));
    }

    @Property
    void findsTheFirstLineWithALiteral(
            @ForAll("literals") List<String> literals,
            @ForAll("text") String text,
            @ForAll("sample") String sample) {
        LiteralSearch search = searchFor(literals, sample);
        byte[] bytes = Logs.bytes("xxx" + text + "aaaabbbbaaaa");
        ByteBuffer buffer = LiteralSearch.littleEndian(bytes);
        int to = 3 + text.length();

        int found = search.next(buffer, 3, to);

        int first = to;
        for (String literal : literals) {
            int at = text.indexOf(literal);
            first = at < 0 ? first : Math.min(first, 3 + at);
        }
        int line = first == to ? to : Newlines.lineStart(bytes, first, 3);
        assertEquals(line, found == to ? to : Newlines.lineStart(bytes, found, 3));
    }

    @Property
    void namesAllOwners(
            @ForAll("literals") List<String> literals,
            @ForAll("text") String text,
            @ForAll("sample") String sample) {
        LiteralSearch search = searchFor(literals, sample);
        ByteBuffer buffer = LiteralSearch.littleEndian(Logs.bytes("aab" + text + "baa"));

        long owners = search.owners(buffer, 3, 3 + text.length());

        long expected = 0;
        for (int i = 0; i < literals.size(); i++) {
            expected |= text.contains(literals.get(i)) ? 1L << i : 0;
        }
        assertEquals(Long.toBinaryString(expected), Long.toBinaryString(owners));
    }

    /** In the first places, in blocks, and in what is left behind them. */
    @ParameterizedTest
    @ValueSource(strings = {"DMAR: page request ", "0", "eques", "\n", "\0"})
    void findsALiteralWhereverItStands(String filling) {
        List<String> wanted = List.of("equest device", "AMD-Vi: ", "fault reason");
        findsALiteralWhereverItStands(filling, searchFor(wanted));
        findsALiteralWhereverItStands(filling, searchFor(wanted, filling.repeat(400)));
    }

    private static void findsALiteralWhereverItStands(String filling, LiteralSearch search) {
        for (String literal : List.of("equest device", "AMD-Vi: ")) {
            for (int at = 0; at < 3500; at++) {
                byte[] bytes = Logs.bytes(filling.repeat(4000).substring(0, 4000));
                System.arraycopy(Logs.bytes(literal), 0, bytes, at, literal.length());

                int found = search.next(LiteralSearch.littleEndian(bytes), 0, bytes.length);

                int place = at;
                assertTrue(
                        found >= at && found < at + literal.length(),
                        () -> literal + " at " + place + ", found at " + found);
            }
        }
    }

    @Test
    void findsNothingInATextShorterThanALiteral() {
        LiteralSearch search = searchFor(List.of("DMAR"));

        assertEquals(3, search.next(LiteralSearch.littleEndian(Logs.bytes("DMAR")), 0, 3));
        assertEquals(0, search.owners(LiteralSearch.littleEndian(Logs.bytes("DMA")), 0, 3));
    }
}
