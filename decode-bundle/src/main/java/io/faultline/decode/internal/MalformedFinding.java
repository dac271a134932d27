package io.faultline.decode.internal;

import io.faultline.hardware.KeySink;
import java.util.function.Consumer;

/**
 * A record, or a line, that makes no sense.
 *
 * @param why the reason word of the architecture's document
 * @param hex the record in memory order, as far as it is there; null for a line of a log
 * @param more gives the keys of the record itself, or null
 * @param description a sentence for people
 */
record MalformedFinding(
        Place place,
        Whose whose,
        String why,
        String hex,
        Consumer<KeySink> more,
        String description)
        implements Finding {
    static final String KIND = "malformed";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void describe(Keys keys) {
        keys.text("kind", KIND);
        keys.textOrNone("arch", whose.arch());
        place.describe(keys);
        whose.describe(keys);
        keys.text("malformed", why);
        keys.flag("response_expected", false);
        if (more != null) {
            more.accept(keys);
        }
        if (hex != null) {
            keys.text("hex", hex);
        }
        place.describeTime(keys);
        keys.text("description", description);
    }
}
