package io.faultline.mm.internal;

import io.faultline.mm.Area;
import io.faultline.mm.ScriptedFault;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The configuration of a space, checked. The keys are those of {@link ModelledConfig} and {@link
 * MappedConfig}.
 */
record SpaceSettings(
        String name,
        Path file,
        boolean writable,
        List<Area> areas,
        Set<SpaceBinding> bindings,
        List<ScriptedFault> scripts,
        SpaceOptions options) {

    /** Far more than 65536 lines of maps take. */
    private static final long LARGEST_LAYOUT = 64L << 20;

    /**
     * Reads a configuration.
     *
     * @throws IllegalArgumentException names the key, its value and what is allowed
     */
    static SpaceSettings of(Map<String, ?> config) {
        String name = text(config, "name");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name: is missing; it must not be blank");
        }
        try {
            return new SpaceSettings(
                    name,
                    Path.of(text(config, "file")),
                    flag(config, "writable"),
                    areas(config),
                    new LinkedHashSet<>(each(config, "bindings", BindingText::parse)),
                    each(config, "scripts", ScriptText::parse),
                    options(config));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private static String text(Map<String, ?> config, String key) {
        Object value = config.get(key);
        return value == null ? "" : value.toString().strip();
    }

    private static boolean flag(Map<String, ?> config, String key) {
        String word = text(config, key);
        if (!word.isEmpty() && !word.equals("true") && !word.equals("false")) {
            throw new IllegalArgumentException(key + "=" + word + ": allowed are true and false");
        }
        return word.equals("true");
    }

    private static <T> List<T> each(Map<String, ?> config, String key, Function<String, T> parser) {
        try {
            return Words.list(config.get(key)).stream().map(parser).toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    private static List<Area> areas(Map<String, ?> config) {
        List<Area> areas =
                new ArrayList<>(
                        each(config, "areas", line -> line).stream()
                                .flatMap(line -> areas("areas", line).stream())
                                .toList());
        String layout = text(config, "layout");
        if (!layout.isEmpty()) {
            areas.addAll(areas(layout, read(Path.of(layout))));
        }
        return areas;
    }

    private static List<Area> areas(String where, String text) {
        try {
            return MapsText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }

    /** The text of a layout; files of /proc say that their size is 0. */
    static String read(Path layout) {
        try {
            if (Files.size(layout) > LARGEST_LAYOUT) {
                throw new IllegalArgumentException(
                        layout + ": is larger than " + LARGEST_LAYOUT + " bytes; no layout is");
            }
            return Files.readString(layout, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalArgumentException(layout + ": cannot be read: " + e, e);
        }
    }

    private static SpaceOptions options(Map<String, ?> config) {
        SpaceOptions normal = SpaceOptions.DEFAULTS;
        return new SpaceOptions(
                (int) number(config, "page.bytes", normal.pageBytes(), Integer.MAX_VALUE),
                flag(config, "may.block"),
                number(config, "table.limit.bytes", normal.tableLimitBytes(), Long.MAX_VALUE),
                number(config, "memory.limit.pages", normal.memoryLimitPages(), Long.MAX_VALUE),
                (int) number(config, "log.entries", normal.logEntries(), Integer.MAX_VALUE));
    }

    private static long number(Map<String, ?> config, String key, long otherwise, long most) {
        String word = text(config, key);
        long value = word.isEmpty() ? otherwise : Words.number(key, word);
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(key + "=" + word + ": allowed are at most " + most);
        }
        return value;
    }
}
