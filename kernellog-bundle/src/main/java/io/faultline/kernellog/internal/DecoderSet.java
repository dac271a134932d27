package io.faultline.kernellog.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The decoders that are installed at one time, with the searches for all their literals. A
 * literal's owner is a bit: {@link #OWN}, or {@link InstalledDecoder#ownerBit}.
 *
 * <p><b>Threads.</b> Any.
 */
final class DecoderSet {
    /** The owner of {@link GapLines}' literals. */
    static final long OWN = 1;

    /** As many as a long has bits, without our own. */
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
        add(GapLines.LITERALS, OWN, spelling, literals);
        for (InstalledDecoder decoder : decoders) {
            add(decoder.literals(), decoder.ownerBit(), spelling, literals);
        }
        return new LiteralSearch(literals);
    }

    private static void add(
            List<String> texts, long owner, Spelling spelling, List<Grams.Literal> literals) {
        for (String text : texts) {
            for (String literal : spelling.of(text)) {
                literals.add(new Grams.Literal(literal, owner));
            }
        }
    }
}
