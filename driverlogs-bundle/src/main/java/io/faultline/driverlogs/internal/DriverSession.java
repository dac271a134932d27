package io.faultline.driverlogs.internal;

import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;

/** What is kept of one log: the faults whose registers are still coming. */
final class DriverSession implements LineDecoder.Session {
    /** Units whose dumps interleave; hostile text has any number of them. */
    private static final int DUMPS_MAX = 16;

    private static final String GAP = "messages dropped";

    private final ArrayDeque<Dump> dumps = new ArrayDeque<>();

    @Override
    public int line(LogLine line, LineSink out) {
        String text = line.text();
        if (!dumps.isEmpty() && text.contains(GAP)) {
            end(out);
        }
        Dump taker = dumps.isEmpty() ? null : goOn(line, out);
        if (taker == null && !begin(line, out) && !readForm(line, out)) {
            Limit.read(text, out);
        }
        int wanted = 0;
        for (Dump dump : dumps) {
            wanted = Math.max(wanted, dump.patience());
        }
        return wanted;
    }

    /** A dump is printed at once: a live log that is silent will not bring the rest. */
    @Override
    public void idle(LineSink out) {
        end(out);
    }

    @Override
    public void end(LineSink out) {
        dumps.forEach(dump -> dump.tell(out));
        dumps.clear();
    }

    /**
     * Gives a line to the dump that it belongs to; tells those that have waited long enough.
     *
     * @return the dump that took it, or null
     */
    private Dump goOn(LogLine line, LineSink out) {
        Dump taker = null;
        for (Iterator<Dump> each = dumps.iterator(); each.hasNext(); ) {
            Dump dump = each.next();
            if (!dump.pass(line)) {
                each.remove();
                dump.tell(out);
            } else if (taker == null && goesOnIn(dump, line)) {
                taker = dump;
                if (dump.endsWith(line.text())) {
                    each.remove();
                    dump.tell(out);
                }
            }
        }
        return taker;
    }

    /** The headline of the next fault is not part of this one, but for the context it names. */
    private static boolean goesOnIn(Dump dump, LogLine line) {
        Dump.Kind next = kindOf(line.text());
        return (next == null || (next == dump.kind() && next == Dump.Kind.MSM && dump.isBare()))
                && dump.take(line);
    }

    private static Dump.Kind kindOf(String text) {
        for (Dump.Kind kind : Dump.Kind.values()) {
            if (headline(kind, text) >= 0) {
                return kind;
            }
        }
        return null;
    }

    /** Where a headline of that kind begins, or -1. */
    private static int headline(Dump.Kind kind, String text) {
        for (String headline : kind.headlines) {
            int at = text.indexOf(headline);
            if (at >= 0 && isSaid(kind, text, at)) {
                return at;
            }
        }
        return -1;
    }

    /** Whether a message begins there: of a unit that is named, if such messages name it. */
    private static boolean isSaid(Dump.Kind kind, String text, int at) {
        return Text.speaker(text, at) >= 0 || (at == 0 && !kind.namesUnit);
    }

    private boolean begin(LogLine line, LineSink out) {
        String text = line.text();
        Dump.Kind kind = kindOf(text);
        int at = kind == null ? -1 : headline(kind, text);
        if (kind == null) {
            at = text.indexOf("GFSR 0x");
            if (at < 0 || !text.contains("GFSYNR")) {
                return false;
            }
            kind = Dump.Kind.GLOBAL;
        }
        Dump dump = new Dump(kind, line, at);
        tellBefore(dump, out);
        if (dump.endsWith(text)) {
            dump.tell(out);
        } else {
            dumps.add(dump);
        }
        return true;
    }

    /** A unit prints one fault after the other. */
    private void tellBefore(Dump next, LineSink out) {
        for (Iterator<Dump> each = dumps.iterator(); each.hasNext(); ) {
            Dump dump = each.next();
            if (Objects.equals(dump.unit(), next.unit())) {
                each.remove();
                dump.tell(out);
            }
        }
        if (dumps.size() == DUMPS_MAX) {
            dumps.remove().tell(out);
        }
    }

    private static boolean readForm(LogLine line, LineSink out) {
        for (Form form : Forms.ALL) {
            if (form.read(line, out)) {
                return true;
            }
        }
        return false;
    }
}
