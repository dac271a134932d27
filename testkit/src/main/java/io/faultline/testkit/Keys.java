package io.faultline.testkit;

import io.faultline.fault.Fault;
import io.faultline.hardware.FaultKeys;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Collects the keys of a fault in the order in which they were given. Values are {@link Long},
 * {@link String}, {@link Boolean}, {@link List}, {@link Map} or null; what {@link #hex} gives is a
 * string {@code "0x…"} of lower-case digits without leading zeros.
 */
public final class Keys implements KeySink {
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Holds no keys yet. */
    public Keys() {}

    /**
     * The common keys of a fault and, where they apply, its decoder's own on top of them: what JSON
     * output says about the fault.
     *
     * @param fault the fault
     * @param decoder the decoder of its queue
     * @return the keys, a view that cannot be changed
     */
    public static Map<String, Object> of(Fault fault, RecordDecoder decoder) {
        Keys keys = new Keys();
        FaultKeys.describe(fault, keys);
        decoder.describe(fault, keys);
        return keys.values();
    }

    /**
     * What was given so far.
     *
     * @return a view that cannot be changed; a key given by {@link #none} is in it with null
     */
    public Map<String, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    @Override
    public void number(String key, long value) {
        values.put(key, value);
    }

    @Override
    public void hex(String key, long value) {
        values.put(key, "0x" + Long.toHexString(value));
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
        values.put(key, List.copyOf(words));
    }

    @Override
    public void object(String key, Consumer<KeySink> members) {
        Keys object = new Keys();
        members.accept(object);
        values.put(key, object.values());
    }

    @Override
    public void none(String key) {
        values.put(key, null);
    }
}
