package io.faultline.hardware;

import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes an architecture's own keys of one fault, for JSON and pages. A key given twice, or one that
 * the platform gives itself, is replaced by the last one given.
 */
@ProviderType
public interface KeySink {
    /**
     * A number of up to 32 bits.
     *
     * @param key the key
     * @param value printed as a number, unsigned if it exceeds 31 bits
     */
    void number(String key, long value);

    /**
     * A wide number: an address or a raw word.
     *
     * @param key the key
     * @param value printed as {@code "0x..."}
     */
    void hex(String key, long value);

    /**
     * A word or a sentence.
     *
     * @param key the key; {@code description} replaces the platform's own sentence
     * @param value the text
     */
    void text(String key, String value);

    /**
     * A truth value.
     *
     * @param key the key
     * @param value printed as true or false
     */
    void flag(String key, boolean value);

    /**
     * Some words.
     *
     * @param key the key
     * @param values printed as an array of strings
     */
    void words(String key, List<String> values);

    /**
     * A record inside the record.
     *
     * @param key the key
     * @param members gives the keys of the inner one; called at once. Printed as an object
     */
    void object(String key, Consumer<KeySink> members);

    /**
     * A key that this record has no value for.
     *
     * @param key the key, printed as null
     */
    void none(String key);
}
