package io.faultline.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The code blocks of a page: files, each below a line with its name between backticks, and console
 * sessions, commands behind {@code $} with what they print below them.
 *
 * @param files content by name
 * @param sessions in the order of the page
 */
record Page(Map<String, String> files, List<List<Step>> sessions) {
    private static final Pattern FENCE =
            Pattern.compile("(?m)(?:^`([^`\\n]+)`\\n\\n)?^```(\\w*)\\n((?s:.*?))^```$");

    /**
     * A command with what it prints.
     *
     * @param command one line
     * @param output of any number of lines, each with its end
     */
    record Step(String command, String output) {}

    static Page read(Path markdown) throws IOException {
        Map<String, String> files = new TreeMap<>();
        List<List<Step>> sessions = new ArrayList<>();
        Matcher block = FENCE.matcher(Files.readString(markdown));
        while (block.find()) {
            if (block.group(2).equals("console")) {
                sessions.add(session(block.group(3)));
            } else if (block.group(1) != null) {
                files.put(block.group(1), block.group(3));
            } else {
                throw new IllegalArgumentException(
                        markdown
                                + ": a block that is neither a file nor a session:\n"
                                + block.group(3));
            }
        }
        return new Page(files, sessions);
    }

    private static List<Step> session(String text) {
        List<Step> steps = new ArrayList<>();
        for (String part : text.split("(?m)^\\$ ", -1)) {
            if (!part.isEmpty()) {
                int end = part.indexOf('\n');
                steps.add(new Step(part.substring(0, end), part.substring(end + 1)));
            }
        }
        return steps;
    }
}
