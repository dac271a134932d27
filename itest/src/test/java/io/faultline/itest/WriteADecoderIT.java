package io.faultline.itest;

import static io.faultline.itest.Walkthrough.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/write-a-decoder.md works as it stands. */
class WriteADecoderIT {
    private static final Path SHIPPED = ROOT.resolve("virtio-bundle");

    private static Page page;

    @BeforeAll
    static void readPage() throws IOException {
        page = Page.read(ROOT.resolve("docs/write-a-decoder.md"));
    }

    /** The example is no simplified one. */
    @Test
    void showsTheSourcesOfTheBundleThatShips() throws IOException {
        int shown = 0;
        for (Map.Entry<String, String> file : page.files().entrySet()) {
            if (file.getKey().startsWith("src/")) {
                Path source = SHIPPED.resolve(file.getKey());
                assertEquals(Files.readString(source), file.getValue(), file.getKey());
                shown++;
            }
        }
        assertEquals(3, shown);
    }

    @Test
    void leadsToADecoderInThePlatform(@TempDir Path home) throws Exception {
        try (Walkthrough user = new Walkthrough(page, home, "virtio-decoder")) {
            user.withFaultlineOfItsOwn().follow();
        }
    }
}
