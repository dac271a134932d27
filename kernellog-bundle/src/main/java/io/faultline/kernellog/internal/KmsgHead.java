package io.faultline.kernellog.internal;

/**
 * What stands before the text of a {@code /dev/kmsg} record: {@code PRIO,SEQ,USEC,FLAGS[,more…];}.
 *
 * @param priority facility times 8 plus level
 * @param sequence the record's number, 64 bits unsigned
 * @param micros since boot
 * @param flag {@code -}; {@code c} and {@code +}: a fragment
 * @param textFrom where the text begins
 */
record KmsgHead(long priority, long sequence, long micros, char flag, int textFrom) {
    private static final int KERNEL_FACILITY_END = 8;

    /**
     * The head at a place, which is then behind the flags; null, and the place is anywhere, if
     * there is none.
     */
    static KmsgHead read(Cursor cursor) {
        long priority = cursor.number(1, 10);
        if (priority < 0 || !cursor.accept(',')) {
            return null;
        }
        int digits = cursor.at();
        if (cursor.number(1, 20) < 0 || !cursor.accept(',')) {
            return null;
        }
        long sequence = unsigned(cursor.bytes(), digits, cursor.at() - 1);
        long micros = cursor.number(1, 18);
        char flag = cursor.accept(',') ? (char) cursor.peek() : 0;
        if (micros < 0 || (flag != '-' && flag != 'c' && flag != '+')) {
            return null;
        }
        int semicolon = cursor.find(';', ScannedLog.LINE_LIMIT);
        return semicolon < 0 ? null : new KmsgHead(priority, sequence, micros, flag, semicolon + 1);
    }

    private static long unsigned(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    /**
     * Undoes the escapes of a record's text.
     *
     * @param out where the text is written; may be the same place, since it only gets shorter
     * @return the end of the text written
     */
    static int unescape(byte[] text, int from, int to, byte[] out, int outFrom) {
        int end = outFrom;
        int i = from;
        while (i < to) {
            int high =
                    i + 3 < to && text[i] == '\\' && text[i + 1] == 'x' ? digit(text[i + 2]) : -1;
            int low = high < 0 ? -1 : digit(text[i + 3]);
            out[end++] = low < 0 ? text[i] : (byte) ((high << 4) | low);
            i += low < 0 ? 1 : 4;
        }
        return end;
    }

    private static int digit(byte b) {
        return b < 0 ? -1 : Character.digit(b, 16);
    }

    /** Whether the kernel wrote it: user space cannot use facility 0. */
    boolean fromKernel() {
        return priority < KERNEL_FACILITY_END;
    }

    long nanos() {
        return micros * 1000;
    }
}
