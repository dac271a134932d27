package io.faultline.dispatcher.internal;

/**
 * A call that lasted too long and was given up (R14).
 *
 * @param by the thread that is in it
 * @param what which method it is
 * @param plugin whose
 * @param where where it is, in one line
 */
record GivenUpCall(LaneThread by, Calls.What what, Called plugin, String where) {
    private static final int FRAMES = 3;

    /**
     * A plug-in that a lane calls.
     *
     * @param source where it comes from
     * @param standing whether it is called
     */
    record Called(Source source, Standing standing) {}

    /** What a failure says of it. */
    static String reason(int limitMillis) {
        return "blocked: did not return within " + limitMillis + " ms";
    }

    /** Where a call is, in one line: its innermost frames, and those in which it began. */
    static String where(StackTraceElement[] stack) {
        int depth = 0;
        while (!stack[depth].getClassName().equals(Calls.class.getName())) {
            depth++;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            if (depth <= 2 * FRAMES || i < FRAMES || i >= depth - FRAMES) {
                StackTraceElement frame = stack[i];
                text.append(i == 0 ? "" : " < ")
                        .append(frame.getClassName())
                        .append('.')
                        .append(frame.getMethodName())
                        .append(':')
                        .append(frame.getLineNumber());
            } else if (i == FRAMES) {
                text.append(" < ...");
            }
        }
        return text.toString();
    }
}
