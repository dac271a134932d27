package io.faultline.kernellog.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The decoders that are installed at one time, with the searches for all their literals. Owner 0 of
 * a literal is the scanner itself ({@link GapLines}), owner {@code i} decoder {@code i - 1}.
 *
 * <p><b>Threads.</b> Any.
 */
final class DecoderSet {
    /** As many owners as a long has bits, without the scanner's own. */
    static final int MAX_DECODERS = Long.SIZE - 1;

    private final List<InstalledDecoder> decoders;
    private final Map<Spelling, LiteralSearch> searches = new EnumMap<>(Spelling.class);

    DecoderSet(List<InstalledDecoder> decoders) {
        this.decoders = List.copyOf(decoders);
    }

    List<InstalledDecoder> decoders() {
        return decoders;
    }

    /** The search for a form of log; made when the first log of that form is read. */
    synchronized LiteralSearch search(Spelling spelling) {
        return searches.computeIfAbsent(spelling, this::compile);
    }

    private LiteralSearch compile(Spelling spelling) {
        List<Grams.Literal> literals = new ArrayList<>();
        add(GapLines.LITERALS, 0, spelling, literals);
        for (int i = 0; i < decoders.size(); i++) {
            add(decoders.get(i).literals(), i + 1, spelling, literals);
        }
        return new LiteralSearch(literals);
    }

    private static void add(
            List<String> texts, int owner, Spelling spelling, List<Grams.Literal> literals) {
        for (String text : texts) {
            for (String literal : spelling.of(text)) {
                literals.add(new Grams.Literal(literal, 1L << owner));
            }
        }
    }
}
