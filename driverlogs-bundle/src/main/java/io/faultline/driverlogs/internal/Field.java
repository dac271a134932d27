package io.faultline.driverlogs.internal;

import io.faultline.fault.FaultBits;

/**
 * A value in a line: the name that it stands behind, and what it is.
 *
 * @param kind how it is read and what becomes of it
 * @param key the key under which it is told; null for what has a place of its own in a fault
 * @param name in lower case, as {@link Text#find} takes it
 * @param required whether a line without it is damaged
 */
record Field(Kind kind, String key, String name, boolean required) {
    /** How a value is written, and what becomes of it. */
    enum Kind {
        /** The IOVA, hexadecimal. */
        ADDRESS {
            @Override
            int read(String text, int from, String key, Values values, Told told) {
                int end = Text.endOfHex(text, from);
                if (end >= 0) {
                    told.address(Text.hex(text, from, end));
                }
                return end;
            }
        },
        /** A word that begins with r or w. */
        ACCESS {
            @Override
            int read(String text, int from, String key, Values values, Told told) {
                int bits = accessOf(text, from);
                told.access(bits);
                return bits == 0 ? Text.NOWHERE : Text.endOfWord(text, from);
            }
        },
        /** {@code IOMMU_FAULT_WRITE}, 1, or {@code IOMMU_FAULT_READ}, 0. */
        WRITE_FLAG {
            @Override
            int read(String text, int from, String key, Values values, Told told) {
                int end = Text.endOfNumber(text, from);
                if (end >= 0) {
                    boolean write = (Text.number(text, from, end) & 1) != 0;
                    told.access(write ? FaultBits.WRITE : FaultBits.READ);
                }
                return end;
            }
        },
        /** Who asked, decimal. */
        STREAM {
            @Override
            int read(String text, int from, String key, Values values, Told told) {
                int end = Text.endOfDecimal(text, from);
                if (end >= 0) {
                    told.requester(Text.number(text, from, end));
                }
                return end;
            }
        },
        /** The same, hexadecimal. */
        STREAM_HEX {
            @Override
            int read(String text, int from, String key, Values values, Told told) {
                int end = Text.endOfHex(text, from);
                if (end >= 0) {
                    told.requester(Text.hex(text, from, end));
                }
                return end;
            }
        },
        /** A register or another hexadecimal number. */
        HEX {
            @Override
            int read(String text, int from, String key, Values values, Told told) {
                int end = Text.endOfHex(text, from);
                if (end >= 0) {
                    long value = Text.hex(text, from, end);
                    values.number(key, value);
                    told.hex(key, value);
                }
                return end;
            }
        },
        /** A decimal number. */
        NUMBER {
            @Override
            int read(String text, int from, String key, Values values, Told told) {
                int end = Text.endOfDecimal(text, from);
                if (end >= 0) {
                    long value = Text.number(text, from, end);
                    values.number(key, value);
                    told.number(key, value);
                }
                return end;
            }
        },
        /** A word. */
        WORD {
            @Override
            int read(String text, int from, String key, Values values, Told told) {
                return word(text, from, Text.endOfWord(text, from), key, values, told);
            }
        },
        /** What stands in parentheses. */
        PHRASE {
            @Override
            int read(String text, int from, String key, Values values, Told told) {
                int close = text.indexOf(')', from);
                int end = close < 0 ? text.length() : close;
                return word(text, from, end, key, values, told);
            }
        };

        /**
         * Reads the value that begins at a place.
         *
         * @return where it ends; {@link Text#NOWHERE} if none is legible there
         */
        abstract int read(String text, int from, String key, Values values, Told told);

        private static int word(
                String text, int from, int end, String key, Values values, Told told) {
            if (end == from) {
                return Text.NOWHERE;
            }
            String word = text.substring(from, end);
            values.word(key, word);
            told.text(key, word);
            return end;
        }
    }

    /** The access that a word tells by its first letter: read, W, wr; 0 if it tells none. */
    static int accessOf(String text, int at) {
        char c = at < text.length() ? text.charAt(at) : ' ';
        return switch (c) {
            case 'r', 'R' -> FaultBits.READ;
            case 'w', 'W' -> FaultBits.WRITE;
            default -> 0;
        };
    }

    /**
     * Reads it from a line.
     *
     * @param from where the message begins
     * @return where the value ends; {@link Text#NOWHERE} if it is not there or not legible
     */
    int read(String text, int from, Values values, Told told) {
        int at = Text.find(text, name, from);
        return at < 0
                ? Text.NOWHERE
                : kind.read(text, Text.skipBlanks(text, at), key, values, told);
    }
}
