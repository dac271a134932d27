package io.faultline.itest;

import static io.faultline.itest.Walkthrough.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/write-a-handler.md works as it stands. */
class WriteAHandlerIT {
    private static final Path EXAMPLE = ROOT.resolve("examples/boot-fault-handler");

    private static Page page;

    @BeforeAll
    static void readPage() throws IOException {
        page = Page.read(ROOT.resolve("docs/write-a-handler.md"));
    }

    /** So that somebody may also copy the example instead of the page. */
    @Test
    void showsTheFilesOfTheExample() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = EXAMPLE.relativize(file).toString();
                if (!name.startsWith("target")) {
                    assertEquals(Files.readString(file), page.files().get(name), name);
                }
            }
        }
    }

    @Test
    void leadsToAHandlerInTheChain(@TempDir Path home) throws Exception {
        try (Walkthrough user = new Walkthrough(page, home, "boot-fault-handler")) {
            user.withFaultline().follow();
        }
    }
}
