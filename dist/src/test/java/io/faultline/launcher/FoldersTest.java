package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldersTest {
    @TempDir Path folder;

    @BeforeEach
    void own() throws IOException {
        permit("rwx------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
    void refusesAFolderThatOthersCanWriteTo(String permissions) throws IOException {
        permit(permissions);

        Refusal refusal =
                assertThrows(Refusal.class, () -> Folders.refuseIfOthersCanWrite(folder, "deploy"));

        assertEquals(ExitCode.WRONG_USE, refusal.exitCode());
        assertTrue(refusal.getMessage().contains(permissions), refusal::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx------", "rwxr-xr-x"})
    void takesAFolderThatOthersCanRead(String permissions) throws IOException {
        permit(permissions);

        Folders.refuseIfOthersCanWrite(folder, "deploy");
    }

    @Test
    void refusesWhatIsNoFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path missing = folder.resolve("missing");

        assertThrows(Refusal.class, () -> Folders.refuseIfOthersCanWrite(file, "deploy"));
        assertThrows(Refusal.class, () -> Folders.refuseIfOthersCanWrite(missing, "deploy"));
        assertThrows(Refusal.class, () -> Folders.make(file.resolve("below")));
    }

    @Test
    void makesFoldersForTheirOwnerAlone() throws IOException {
        Path made = folder.resolve("a/b");

        Folders.make(made);

        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    }

    @Test
    void deletesAllThatItMade() throws IOException {
        Path temporary = Folders.makeTemporary();
        Files.createDirectories(temporary.resolve("a/b"));
        Files.createFile(temporary.resolve("a/file"));

        Folders.delete(temporary);

        assertFalse(Files.exists(temporary));
    }

    @Test
    void letsOneInstanceAtATimeHoldTheState() throws IOException {
        try (StateFolder held = StateFolder.take(folder)) {
            Refusal refusal = assertThrows(Refusal.class, () -> StateFolder.take(folder));

            assertEquals(ExitCode.STATE_HELD, refusal.exitCode());
            String process = "process " + ProcessHandle.current().pid();
            assertTrue(refusal.getMessage().contains(process), refusal::getMessage);
            assertEquals(folder.resolve("deploy"), held.resolve("deploy"));
        }
        StateFolder.take(folder).close();
    }

    private void permit(String permissions) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }
}
