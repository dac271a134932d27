package io.faultline.riscv.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.StopMarker;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.Keys;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageRequestRecordTest {
    private final PageRequestRecord decoder = new PageRequestRecord();

    @Test
    void readsTheLastRequestOfAGroup() {
        PageRequestGroup request = (PageRequestGroup) fault("00503412050810002ff0debc9a780000");

        assertEquals(0x1008, request.requester());
        assertEquals(0x12345, request.pasid());
        assertEquals(5, request.groupIndex());
        assertEquals(0x789abcdef000L, request.iova());
        assertEquals("R+W+X", request.access().toString());
        assertTrue(request.complete());
        assertTrue(request.token().withPasid());
    }

    @Test
    void givesNoPasidBackWhereNoneCame() {
        PageRequestGroup request = (PageRequestGroup) fault("00503412040810002df0debc9a780000");

        assertEquals(Fault.NO_PASID, request.pasid());
        assertFalse(request.token().withPasid());
        assertEquals("R", request.access().toString());
    }

    @Test
    void takesARequestForNothingThatIsNotTheLastForARequest() {
        assertInstanceOf(PageRequestGroup.class, fault("00503412010810002800000000000000"));
        assertInstanceOf(StopMarker.class, fault("00503412010810002c00000000000000"));
    }

    @ParameterizedTest
    @CsvSource({
        "00503412050810002ff0debc9a780000, page request of device 0x1008 pasid 0x12345 group 5"
                + " last at 0x789abcdef000 R+W+X",
        "00000000000810002910000000000000, page request of device 0x1008 group 5 at 0x1000 R",
        "00503412010810002c00000000000000, stop marker of device 0x1008 pasid 0x12345"
    })
    void describesRecordsInASentence(String hex, String sentence) {
        assertEquals(sentence, Keys.of(fault(hex), decoder).get("description"));
    }

    private Fault fault(String hex) {
        return Decoded.of(decoder, HexFormat.of().parseHex(hex)).fault();
    }
}
