package io.faultline.shell.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows as text for people: columns as wide as they need to be, numbers to the right. A row that
 * would be longer than {@link #WIDTH} loses the middle of its longest texts.
 */
final class Table {
    /** What most terminals show without wrapping. */
    static final int WIDTH = 120;

    private static final int SHORTEST_CUT = 12;
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] right;

    /**
     * @param titles one for each column; a leading {@code >} puts the column to the right
     */
    Table(String... titles) {
        right = new boolean[titles.length];
        String[] head = new String[titles.length];
        for (int i = 0; i < titles.length; i++) {
            right[i] = titles[i].startsWith(">");
            head[i] = right[i] ? titles[i].substring(1) : titles[i];
        }
        rows.add(head);
    }

    /** Adds a row. */
    Table row(Object... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(
                    "cells=" + Arrays.toString(cells) + ", columns=" + right.length);
        }
        rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
        return this;
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The lines, without a line end behind the last one. */
    @Override
    public String toString() {
        int[] widths = fitted();
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String cell = cut(row[i], widths[i]);
                String blanks = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? "" : GAP);
                line.append(right[i] ? blanks + cell : cell + blanks);
            }
            lines.add(line.toString().stripTrailing());
        }
        return String.join(System.lineSeparator(), lines);
    }

    private int[] fitted() {
        int[] widths = new int[right.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        int room = WIDTH - GAP.length() * (widths.length - 1);
        for (int over = Arrays.stream(widths).sum() - room; over > 0; over--) {
            int widest = widest(widths);
            if (widest < 0) {
                break; // no text is left to cut: a long line is better than no numbers
            }
            widths[widest]--;
        }
        return widths;
    }

    private int widest(int[] widths) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            boolean cuttable = !right[i] && widths[i] > SHORTEST_CUT;
            if (cuttable && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return widest;
    }

    private static String cut(String cell, int width) {
        if (cell.length() <= width) {
            return cell;
        }
        int end = (width - 1) * 2 / 3; // names differ at their ends
        return cell.substring(0, width - 1 - end) + "…" + cell.substring(cell.length() - end);
    }
}
