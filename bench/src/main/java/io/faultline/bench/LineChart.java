package io.faultline.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** Lines as an SVG, the vertical scale logarithmic, each line with its name at its end. */
final class LineChart {
    private static final double LEFT = 70;
    private static final double RIGHT = 560;
    private static final double TOP = 50;
    private static final double BOTTOM = 450;
    private static final double LABEL_HEIGHT = 14;

    /** As far apart on the circle of colours as ten or so lines allow. */
    private static final int HUE_STEP = 33;

    private final int leastPower;
    private final int mostPower;
    private final StringBuilder svg = new StringBuilder();
    private final List<Line> lines = new ArrayList<>();

    /** A named line, and where it ends. */
    private record Line(String name, boolean dashed, String points, double end) {}

    /**
     * A place on a line.
     *
     * @param part 0 at the left, 1 at the right
     * @param value at least above 0
     */
    record Point(double part, double value) {}

    /**
     * An empty one.
     *
     * @param title what it shows
     * @param leastPower the power of ten at its bottom
     * @param mostPower the power of ten at its top
     * @param name what a power of ten is called
     */
    LineChart(String title, int leastPower, int mostPower, IntFunction<String> name) {
        this.leastPower = leastPower;
        this.mostPower = mostPower;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"480\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"760\" height=\"480\" fill=\"white\"/>%n"
                        + "<text x=\"20\" y=\"20\">%s</text>%n",
                title);
        for (int power = leastPower; power <= mostPower; power++) {
            double y = y(Math.pow(10, power));
            add(
                    "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"#ddd\"/>"
                            + "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"end\">%s</text>%n",
                    LEFT, RIGHT, y, y, LEFT - 8, y + 4, name.apply(power));
        }
    }

    /** Writes something below the horizontal scale. */
    void mark(double part, String text) {
        add("<text x=\"%.0f\" y=\"470\" text-anchor=\"middle\">%s</text>%n", x(part), text);
    }

    /** Draws a line through at least one point. */
    void line(String name, boolean dashed, List<Point> points) {
        StringBuilder places = new StringBuilder();
        double end = 0;
        for (Point point : points) {
            end = y(point.value);
            places.append(String.format(Locale.ROOT, "%.0f,%.0f ", x(point.part), end));
        }
        lines.add(new Line(name, dashed, places.toString().strip(), end));
    }

    /** The whole picture. */
    String svg() {
        lines.sort(Comparator.comparingDouble(Line::end));
        double label = 0;
        int hue = 0;
        for (Line line : lines) {
            label = Math.max(label + LABEL_HEIGHT, line.end + 4);
            String colour = "hsl(" + hue + ",70%,40%)";
            hue += HUE_STEP;
            add(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>"
                            + "<text x=\"%.0f\" y=\"%.0f\" fill=\"%s\">%s</text>%n",
                    line.points,
                    colour,
                    line.dashed ? " stroke-dasharray=\"6 4\"" : "",
                    RIGHT + 10,
                    label,
                    colour,
                    line.name);
        }
        return svg + "</svg>\n";
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private static double x(double part) {
        return LEFT + (RIGHT - LEFT) * part;
    }

    /** What is off the scale is drawn at its edge. */
    private double y(double value) {
        double part = (Math.log10(value) - leastPower) / (mostPower - leastPower);
        return BOTTOM - (BOTTOM - TOP) * Math.max(0, Math.min(1, part));
    }
}
