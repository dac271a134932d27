package io.faultline.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ReasonTest {
    /** Every pair of words that the test vectors of all architectures expect. */
    @ParameterizedTest
    @CsvFileSource(resources = "details.csv", useHeadersInDisplayName = true)
    void coversEveryDetailOfEveryArchitecture(String detail, GenericReason generic, int code) {
        Set<Reason> matching =
                Arrays.stream(Reason.values())
                        .filter(reason -> reason.word().equals(detail))
                        .filter(reason -> reason.generic() == generic)
                        .collect(Collectors.toSet());

        assertEquals(1, matching.size(), matching::toString);
        assertEquals(code, generic.code());
    }

    @ParameterizedTest
    @CsvFileSource(resources = "generic-reasons.csv", useHeadersInDisplayName = true)
    void coversEveryGenericReason(GenericReason generic, int code) {
        assertEquals(code, generic.code());
        assertTrue(Arrays.stream(Reason.values()).anyMatch(r -> r.generic() == generic));
    }

    /** The numbers of enum iommu_fault_reason. */
    @Test
    void numbersTheGenericReasonsAsLinuxDoes() {
        List<Integer> codes =
                Arrays.stream(GenericReason.values()).map(GenericReason::code).toList();

        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), codes);
    }

    @Test
    void sharesAWordOnlyBetweenTheTwoTableFetches() {
        Map<String, Set<Reason>> byWord =
                Arrays.stream(Reason.values())
                        .collect(Collectors.groupingBy(Reason::word, Collectors.toSet()));

        byWord.values().removeIf(reasons -> reasons.size() == 1);

        assertEquals(
                Map.of("TABLE_FETCH", EnumSet.of(Reason.PASID_TABLE_FETCH, Reason.TABLE_FETCH)),
                byWord);
    }
}
