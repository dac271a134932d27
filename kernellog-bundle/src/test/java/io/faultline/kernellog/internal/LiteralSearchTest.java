package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LiteralSearchTest {
    private static LiteralSearch searchFor(List<String> literals) {
        List<Grams.Literal> wanted = new ArrayList<>();
        for (int i = 0; i < literals.size(); i++) {
            wanted.add(new Grams.Literal(literals.get(i), 1L << i));
        }
        return new LiteralSearch(wanted);
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

    @Property
    void findsTheFirstLineWithALiteral(
            @ForAll("literals") List<String> literals, @ForAll("text") String text) {
        LiteralSearch search = searchFor(literals);
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
    void namesAllOwners(@ForAll("literals") List<String> literals, @ForAll("text") String text) {
        LiteralSearch search = searchFor(literals);
        ByteBuffer buffer = LiteralSearch.littleEndian(Logs.bytes("aab" + text + "baa"));

        long owners = search.owners(buffer, 3, 3 + text.length());

        long expected = 0;
        for (int i = 0; i < literals.size(); i++) {
            expected |= text.contains(literals.get(i)) ? 1L << i : 0;
        }
        assertEquals(Long.toBinaryString(expected), Long.toBinaryString(owners));
    }

    @Test
    void findsNothingInATextShorterThanALiteral() {
        LiteralSearch search = searchFor(List.of("DMAR"));

        assertEquals(3, search.next(LiteralSearch.littleEndian(Logs.bytes("DMAR")), 0, 3));
        assertEquals(0, search.owners(LiteralSearch.littleEndian(Logs.bytes("DMA")), 0, 3));
    }
}
