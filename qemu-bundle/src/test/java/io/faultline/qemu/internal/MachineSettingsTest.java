package io.faultline.qemu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineSettingsTest {
    @Test
    void startDebiansQemuForArmUnlessToldOtherwise() {
        MachineSettings settings = MachineSettings.of(Map.of("component.name", "x"));

        assertEquals("smmuv3", settings.machine());
        assertEquals("qemu-smmuv3", settings.name());
        assertEquals("qemu-system-aarch64", settings.program());
    }

    @Test
    void takeTheMachineFromTheEmulatorsName() {
        assertEquals(
                "vtd", MachineSettings.of(Map.of("qemu", "/opt/qemu-system-x86_64")).machine());
    }

    @Test
    void giveTheDriverWhatIsForIt() {
        MachineSettings settings = MachineSettings.of(Map.of("driver.evtq.log2size", 6));

        assertEquals(Map.of("evtq.log2size", "6"), settings.driver());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "machine | amdvi | machine=amdvi: allowed are smmuv3 and vtd",
                "limit.minutes | 0 | limit.minutes=0: allowed are 1 to 10080",
                "answer.ms | soon | answer.ms=soon: allowed are 10 to 600000",
                "interrupts | maybe | interrupts=maybe: allowed are true and false",
                "socket | /tmp/s | ram=: an emulator that runs already is named by both socket and"
                        + " ram",
                "limit.hours | 1 | limit.hours=1: no such key; there are [answer.ms, interrupts,"
                        + " limit.minutes, machine, name, qemu, ram, socket, start.ms]"
            })
    void areRefusedWithKeyAndRange(String key, String value, String message) {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> MachineSettings.of(Map.of(key, value)));

        assertEquals("io.faultline.qemu: " + message, e.getMessage());
    }
}
