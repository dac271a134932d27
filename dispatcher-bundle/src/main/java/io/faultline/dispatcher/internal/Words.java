package io.faultline.dispatcher.internal;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Reads service properties, which may be a value, an array or a collection. */
final class Words {
    private Words() {}

    /** The words of a property; none if it is missing. */
    static List<String> of(Map<String, ?> properties, String key) {
        Object value = properties.get(key);
        List<String> words = new ArrayList<>();
        if (value instanceof Collection<?> many) {
            many.forEach(each -> words.add(String.valueOf(each)));
        } else if (value != null && value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                words.add(String.valueOf(Array.get(value, i)));
            }
        } else if (value != null) {
            words.add(value.toString());
        }
        return words;
    }

    /** Whether a property is true. */
    static boolean isTrue(Map<String, ?> properties, String key) {
        return Boolean.parseBoolean(String.valueOf(properties.get(key)));
    }
}
