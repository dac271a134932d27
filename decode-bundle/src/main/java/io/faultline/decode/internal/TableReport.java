package io.faultline.decode.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A row for each finding, and a summary at the end. Of a storm only the first rows are written, the
 * others are folded into one; {@code detail} lines have no row.
 */
final class TableReport implements Report {
    /** How many rows that differ only in time and address are written before they are folded. */
    private static final int BEFORE_FOLDING = 3;

    /** How many storms at once are told apart. */
    private static final int FOLDS = 32;

    private static final int LEAST_WIDTH = 60;
    private static final int UNLIMITED = 0;

    private static final String RESET = "\u001b[0m";

    /** Rows of one key. */
    private static final class Fold {
        private final String device;
        private final String what;
        private int written;
        private long kept;
        private Row only;
        private String last;
        private boolean hasAddress;
        private long lowest;
        private long highest;

        Fold(Row row) {
            this.device = row.device();
            this.what = row.what();
        }

        void keep(Row row, Finding finding) {
            kept++;
            only = row;
            last = row.when();
            if (finding instanceof FaultFinding found && found.fault().hasIova()) {
                long address = found.fault().iova();
                lowest =
                        !hasAddress || Long.compareUnsigned(address, lowest) < 0 ? address : lowest;
                highest =
                        !hasAddress || Long.compareUnsigned(address, highest) > 0
                                ? address
                                : highest;
                hasAddress = true;
            }
        }

        /** What was kept, as a row. */
        Row row() {
            if (kept == 1) {
                return only;
            }
            String range =
                    hasAddress ? ", " + Columns.hex(lowest) + " to " + Columns.hex(highest) : "";
            return new Row(last, device, what, "", "", kept + " more like these" + range);
        }
    }

    private final OutputStream out;
    private final int width;
    private final boolean colours;
    private final Summary summary;
    private final Map<Row.Key, Fold> folds = new LinkedHashMap<>();
    private boolean headed;

    /**
     * @param columns of the terminal, or 0: rows may be as long as they are
     */
    TableReport(OutputStream out, int columns, boolean colours, Summary summary) {
        this.out = out;
        this.width = columns == 0 ? UNLIMITED : Math.max(LEAST_WIDTH, columns);
        this.colours = colours;
        this.summary = summary;
    }

    @Override
    public void accept(Finding finding) throws IOException {
        summary.add(finding);
        if (finding instanceof Remark remark && remark.kind().equals(Remark.DETAIL)) {
            return;
        }
        Row row = Row.of(finding);
        Fold fold = folds.computeIfAbsent(row.key(), key -> new Fold(row));
        if (fold.written < BEFORE_FOLDING) {
            fold.written++;
            write(row);
        } else {
            fold.keep(row, finding);
        }
        if (folds.size() > FOLDS) {
            Iterator<Fold> oldest = folds.values().iterator();
            unfold(oldest.next());
            oldest.remove();
        }
    }

    @Override
    public void settle() throws IOException {
        for (Fold fold : folds.values()) {
            unfold(fold);
        }
        out.flush();
    }

    @Override
    public void finish() throws IOException {
        settle();
        if (headed) {
            print("\n");
        }
        summary.write(this::print);
        out.flush();
    }

    private void unfold(Fold fold) throws IOException {
        if (fold.kept > 0) {
            write(fold.row());
            fold.kept = 0;
        }
    }

    private void write(Row row) throws IOException {
        if (!headed) {
            headed = true;
            print(layout("WHEN", "DEVICE", "WHAT", "ACCESS", "ADDRESS", "WHY") + '\n');
        }
        String text =
                layout(
                        row.when(),
                        row.device(),
                        row.what(),
                        row.access(),
                        row.address(),
                        row.why());
        String colour = colours ? colour(row.what()) : "";
        print(colour.isEmpty() ? text + '\n' : colour + text + RESET + '\n');
    }

    private String layout(
            String when, String device, String what, String access, String address, String why) {
        String text =
                String.format(
                        "%13s  %-13s %-9s %-6s %-18s %s", when, device, what, access, address, why);
        String line = text.stripTrailing();
        return width == UNLIMITED ? line : Printable.cut(line, width);
    }

    private static String colour(String what) {
        return switch (what) {
            case "fault" -> "\u001b[31m"; // red
            case "malformed", "not shown", "lost" -> "\u001b[33m"; // yellow
            case "status", "hint", "stop" -> "\u001b[2m"; // dim
            default -> "";
        };
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
