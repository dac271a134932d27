package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueNameTest {
    @ParameterizedTest
    @CsvSource({
        "smmuv3-wrap-qemu11.1.bin, smmuv3:evtq",
        "smmuv3.bin, smmuv3:evtq",
        "smmuv3-board-priq.bin, smmuv3:priq",
        "smmuv3-board.priq, smmuv3:priq",
        "vtd-fault-storm.bin, vtd:frcd",
        "vtd-board-prq.bin, vtd:prq",
        "vtd-board-prq16.bin, vtd:prq16",
        "amdvi-eventlog-qemu11.1.bin, amdvi:event",
        "riscv-faultqueue-qemu11.1.bin, riscv:fq"
    })
    void readsTheNamesOfFiles(String file, String queue) {
        assertEquals(QueueName.parse(queue), QueueName.ofFile(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dump.bin", "smmu.bin", "priq-smmuv3.bin", "-", ""})
    void doesNotGuess(String file) {
        assertEquals(Optional.empty(), QueueName.ofFile(file));
    }

    @ParameterizedTest
    @CsvSource({
        "smmuv3, event, smmuv3:evtq",
        "smmuv3, priq, smmuv3:priq",
        "smmuv3, page request, smmuv3:priq",
        "riscv, fault, riscv:fq",
        "amdvi, event log, amdvi:event",
        "vtd, '', vtd:frcd"
    })
    void readsDescriptions(String arch, String kind, String queue) {
        assertEquals(QueueName.parse(queue), QueueName.described(arch, kind));
    }

    @Property
    void anyTextIsANameOrNone(@ForAll String text) {
        QueueName.parse(text).ifPresent(name -> assertEquals(text, name.toString()));
        QueueName.ofFile(text)
                .ifPresent(
                        name -> assertEquals(Optional.of(name), QueueName.parse(name.toString())));
    }
}
