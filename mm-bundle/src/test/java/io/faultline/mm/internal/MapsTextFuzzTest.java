package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.mm.Area;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

class MapsTextFuzzTest {
    /** Any text is a layout, which can be written and read again, or is refused with a reason. */
    @FuzzTest
    void readsOrRefuses(byte[] data) {
        List<Area> areas;
        try {
            areas = MapsText.parse(new String(data, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return; // refused
        }
        String written = areas.stream().map(MapsText::line).collect(Collectors.joining("\n"));
        assertEquals(areas, MapsText.parse(written));
    }
}
