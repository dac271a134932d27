package io.faultline.shell.internal;

/** What went wrong, in one line instead of a stack trace. */
final class Causes {
    private Causes() {}

    /**
     * The message at the bottom. Its class is named unless the message was written for people: by
     * those who refuse an argument, or by Gogo about a command.
     */
    static String line(Throwable e) {
        Throwable bottom = e;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        return line(bottom.getClass().getName(), bottom.getMessage());
    }

    /**
     * The same from a printed stack trace, which is all that the component runtime keeps.
     *
     * @param trace as {@code printStackTrace} writes it
     */
    static String line(String trace) {
        String[] bottom = {""};
        trace.lines()
                .filter(line -> !line.startsWith("\t"))
                .forEach(
                        line -> {
                            if (bottom[0].isEmpty() || line.startsWith("Caused by: ")) {
                                bottom[0] = line;
                            }
                        });
        String text = bottom[0].replaceFirst("^Caused by: ", "");
        int colon = text.indexOf(": ");
        return colon < 0
                ? line(text, null)
                : line(text.substring(0, colon), text.substring(colon + 2));
    }

    private static String line(String type, String message) {
        String first = message == null ? "" : message.lines().findFirst().orElse("");
        boolean forPeople =
                type.equals(IllegalArgumentException.class.getName())
                        || type.equals(java.io.IOException.class.getName())
                        || type.startsWith("org.apache.felix.gogo.");
        if (first.isEmpty()) {
            return type;
        }
        return forPeople ? first : type + ": " + first;
    }
}
