package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.StopMarker;
import io.faultline.testkit.Decoded;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PageRequestDescriptorTest {
    private final PageRequestDescriptor decoder = new PageRequestDescriptor();

    @Test
    void asksForTheAnswerToCarryThePasidOfTheRequest() {
        assertTrue(request("0101006a34120000 0500000000000000").token().withPasid());
        assertFalse(request("0100006a34120000 0500000000000000").token().withPasid());
    }

    @Test
    void keepsPrivateDataForTheAnswer() {
        PageRequestGroup request =
                (PageRequestGroup)
                        decoded(
                                        "0103000001000000 0110000000000000 8877665544332211 00ffeeddccbbaa99")
                                .fault();

        assertTrue(request.token().hasPrivateData());
        assertEquals(0x1122334455667788L, request.token().private0());
        assertEquals(0x99aabbccddeeff00L, request.token().private1());
    }

    @Test
    void takesLastWithoutReadOrWriteForAStopMarkerWhateverElseIsSet() {
        Decoded decoded =
                decoded("01035fa61f3a3200 7c01bf26b6360000 8e39781f93031a6d 6c78bf417abbfcd7");

        assertTrue(decoded.fault() instanceof StopMarker);
        assertEquals(0, decoded.fault().access().bits());
    }

    @Test
    void cannotReadTheRequesterOfAnotherType() {
        Decoded decoded = decoded("0201000001000000 0510000000000000 0000000000000000");

        assertEquals("unknown_type", decoded.malformed());
        assertNull(decoded.malformedRequest());
        assertTrue(
                decoder.explain("unknown_type", 0x102, 0x1005, 0, 0).contains("type 0x02"),
                decoder.explain("unknown_type", 0x102, 0x1005, 0, 0));
    }

    @Property
    void givesARequestOrSaysWhyNotForAnyBytes(@ForAll @Size(32) byte[] record) {
        Decoded decoded = Decoded.of(decoder, record);

        assertEquals(record[0] == 1, decoded.fault() != null);
        assertEquals(record[0] == 1 ? null : "unknown_type", decoded.malformed());
        assertFalse(decoded.keys().isEmpty());
    }

    private PageRequestGroup request(String twoWords) {
        return (PageRequestGroup) decoded(twoWords).fault();
    }

    private Decoded decoded(String hex) {
        String digits = hex.replace(" ", "");
        return Decoded.of(
                decoder, HexFormat.of().parseHex(digits + "0".repeat(64 - digits.length())));
    }
}
