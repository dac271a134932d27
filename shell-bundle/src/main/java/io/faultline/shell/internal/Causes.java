package io.faultline.shell.internal;

/** What went wrong, in one line instead of a stack trace. */
final class Causes {
    private static final String CAUSE = "Caused by: ";

    private Causes() {}

    /**
     * The first message, from the outermost on, that was written for people: by those who refuse an
     * argument, or by Gogo about a command. If there is none, that at the bottom with its class.
     */
    static String line(Throwable e) {
        Throwable told = e;
        while (!isForPeople(told.getClass().getName()) && told.getCause() != null) {
            told = told.getCause();
        }
        return line(told.getClass().getName(), told.getMessage());
    }

    /**
     * The same from a printed stack trace, which is all that the component runtime keeps.
     *
     * @param trace as {@code printStackTrace} writes it
     */
    static String line(String trace) {
        String[] told = {"", null};
        trace.lines()
                .filter(line -> !line.startsWith("\t"))
                .forEach(
                        line -> {
                            boolean isCause = line.startsWith(CAUSE);
                            if (told[0].isEmpty() || (isCause && !isForPeople(told[0]))) {
                                String text = isCause ? line.substring(CAUSE.length()) : line;
                                int colon = text.indexOf(": ");
                                told[0] = colon < 0 ? text : text.substring(0, colon);
                                told[1] = colon < 0 ? null : text.substring(colon + 2);
                            }
                        });
        return line(told[0], told[1]);
    }

    private static String line(String type, String message) {
        String first = message == null ? "" : message.lines().findFirst().orElse("");
        if (first.isEmpty()) {
            return type;
        }
        return isForPeople(type) ? first : type + ": " + first;
    }

    private static boolean isForPeople(String type) {
        return type.equals(IllegalArgumentException.class.getName())
                || type.equals(java.io.IOException.class.getName())
                || type.startsWith("org.apache.felix.gogo.");
    }
}
