package io.faultline.decode.internal;

import io.faultline.hardware.KeySink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The keys of one finding in the order in which they were first given. A key given again has its
 * last value, in its first place.
 */
final class Keys implements KeySink {
    /** A number that is printed as {@code "0x..."}. */
    record Hex(long value) {
        @Override
        public String toString() {
            return "0x" + Long.toHexString(value);
        }
    }

    /** Nanoseconds that are printed as seconds. */
    record Seconds(long nanos) {
        private static final long NANOS_PER_SECOND = 1_000_000_000;

        /** Decimal, without needless zeros: {@code 12.345678}, {@code 5}. */
        @Override
        public String toString() {
            long whole = nanos / NANOS_PER_SECOND;
            String fraction = Long.toString(NANOS_PER_SECOND + Math.abs(nanos % NANOS_PER_SECOND));
            int end = fraction.length();
            while (end > 1 && fraction.charAt(end - 1) == '0') {
                end--;
            }
            String sign = nanos < 0 && whole == 0 ? "-" : "";
            return sign + whole + (end > 1 ? "." + fraction.substring(1, end) : "");
        }
    }

    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * Key and value: null, String, Boolean, Long, Hex, Seconds, Keys, or a List of words or Keys.
     */
    Map<String, Object> values() {
        return values;
    }

    void clear() {
        values.clear();
    }

    /** The word given for a key, or null. */
    String word(String key) {
        return values.get(key) instanceof String word ? word : null;
    }

    void remove(String key) {
        values.remove(key);
    }

    @Override
    public void number(String key, long value) {
        values.put(key, value);
    }

    @Override
    public void hex(String key, long value) {
        values.put(key, new Hex(value));
    }

    @Override
    public void text(String key, String value) {
        values.put(key, value);
    }

    @Override
    public void flag(String key, boolean value) {
        values.put(key, value);
    }

    @Override
    public void words(String key, List<String> words) {
        values.put(key, words);
    }

    @Override
    public void object(String key, Consumer<KeySink> members) {
        Keys object = new Keys();
        members.accept(object);
        values.put(key, object);
    }

    @Override
    public void none(String key) {
        values.put(key, null);
    }

    void textOrNone(String key, String value) {
        values.put(key, value);
    }

    void seconds(String key, long nanos) {
        values.put(key, new Seconds(nanos));
    }

    /** An array of objects. */
    void objects(String key, List<Keys> objects) {
        values.put(key, objects);
    }
}
