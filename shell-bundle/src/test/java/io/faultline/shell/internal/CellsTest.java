package io.faultline.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.testkit.FaultBuilder;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellsTest {
    @ParameterizedTest
    @CsvSource({
        "-1, -",
        "0, 0 ns",
        "999, 999 ns",
        "1234, 1.2 us",
        "1234567, 1.2 ms",
        "1234567890, 1.2 s"
    })
    void showsDurations(long nanos, String text) {
        assertEquals(text, Cells.duration(nanos));
    }

    @Test
    void showsTimes() {
        assertEquals("70.000123", Cells.time(70_000_123_456L, TimeBase.BOOT));
        assertEquals("1970-01-01T00:01:10.250Z", Cells.time(70_250_999_999L, TimeBase.EPOCH));
        assertEquals("-", Cells.time(0, TimeBase.NONE));
    }

    @ParameterizedTest
    @CsvSource({"0x0108 01:01.0, 0x108", "0xffff ff:1f.7, 0xffff", "0xcfe00000, 0xcfe00000"})
    void showsRequesters(String text, String requester) {
        assertEquals(text, Cells.requester((int) Long.decode(requester).longValue()));
    }

    @ParameterizedTest
    @CsvSource({
        "256, 256",
        "0x100, 256",
        "0xffffffff, 4294967295",
        "01:00.0, 256",
        "0000:01:00.1, 257",
        "0001:02:1f.7, 66303"
    })
    void readsRequesters(String text, long requester) {
        assertEquals(OptionalLong.of(requester), Cells.requester(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "4294967296", "01:00", "01:20.0", "01:00.8", "0x"})
    void refusesWhatIsNoRequester(String text) {
        assertEquals(OptionalLong.empty(), Cells.requester(text));
    }

    @Test
    void showsWhatAFaultHas() {
        Fault group =
                new FaultBuilder()
                        .pasid(7)
                        .request(0x1000, Access.READ)
                        .iova(0x2000)
                        .pageRequests(3);
        Fault bare =
                new FaultBuilder()
                        .noIova()
                        .noRequester()
                        .access(Access.NONE)
                        .unrecoverable(Reason.UNKNOWN);

        assertEquals("0x1000 +1", Cells.address(group));
        assertEquals("7", Cells.pasid(group));
        assertEquals("-", Cells.reason(group));
        assertEquals("not_present", Cells.reason(new FaultBuilder().stall(Reason.NOT_PRESENT, 1)));
        assertEquals(
                "- - - - unknown",
                String.join(
                        " ",
                        Cells.address(bare),
                        Cells.pasid(bare),
                        Cells.device(bare),
                        Cells.access(bare),
                        Cells.reason(bare)));
        assertEquals(
                "03:00.0",
                Cells.device(new FaultBuilder().device("03:00.0").unrecoverable(Reason.UNKNOWN)));
    }
}
