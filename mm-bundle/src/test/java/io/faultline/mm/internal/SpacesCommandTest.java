package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Unit;
import io.faultline.mm.FaultInResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpacesCommandTest {
    private final SpaceTable table = new SpaceTable(message -> {});
    private final SpacesCommand command = new SpacesCommand(table);

    @Test
    void makesBindsShowsAndTakesDownASpace(@TempDir Path folder) throws IOException {
        Path maps = Files.writeString(folder.resolve("maps"), "400000-452000 r-xp 0 08:02 5 /x\n");

        command.spaces("create", "a");
        command.spaces("add", "a", "1000-3000", "rw-p");
        command.spaces("load", "a", maps.toString());
        command.spaces("bind", "a", "unit=smmu0", "requester=00:04.0", "pasid=7");
        command.spaces("script", "a", "fail", "2", "io_error");
        var found = table.find(new Unit("smmuv3", "smmu0"), 0x20, 7, 1);

        assertEquals(FaultInResult.RESIDENT, found.faultIn(0x1000, Access.WRITE));
        assertEquals(FaultInResult.IO_ERROR, found.faultIn(0x2000, Access.WRITE));
        assertTrue(command.spaces("log", "a").contains("brought in writable"));
        assertTrue(command.spaces("areas", "a").contains("400000-452000 r-xp"));
        assertTrue(
                command.spaces().contains("unit=smmu0 requester=0x20 pasid=0x7 stage=1"),
                command::spaces);
        command.spaces("unbind", "a", "unit=smmu0", "requester=0x20", "pasid=7");
        assertEquals("a: taken down", command.spaces("destroy", "a"));
        assertTrue(command.spaces().startsWith("no address spaces"));
    }

    @Test
    void mapsAFile(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("ram"), new byte[8192]);

        assertTrue(command.spaces("map", "ram", file.toString()).startsWith("0-2000 r-xs"));
        assertThrows(
                IllegalArgumentException.class,
                () -> command.spaces("add", "ram", "3000-4000", "r--p"));
        table.close();
    }

    @Test
    void saysHowItGoes() throws IOException {
        assertTrue(command.spaces("help").contains("spaces create NAME"));
        assertThrows(IllegalArgumentException.class, () -> command.spaces("create"));
        assertThrows(IllegalArgumentException.class, () -> command.spaces("explode", "a"));
        assertThrows(IllegalArgumentException.class, () -> command.spaces("areas", "a"));
    }
}
