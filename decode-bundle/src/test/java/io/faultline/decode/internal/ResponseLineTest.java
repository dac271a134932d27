package io.faultline.decode.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseLineTest {
    @Test
    void readsTheAnswerToAStall() {
        ResponseLine line =
                parse("{'to':'stall','code':'SUCCESS','stream':4294967295,'grpid':65535}");

        PageRequestGroup group = line.group("smmuv3");

        assertEquals(Response.SUCCESS, line.code());
        assertTrue(group.stalled());
        assertEquals(-1, group.requester());
        assertEquals(65535, group.groupIndex());
        assertEquals(Fault.NO_PASID, group.pasid());
        assertFalse(group.token().withPasid());
    }

    @Test
    void readsTheAnswerToAGroupWithPrivateData() {
        ResponseLine line =
                parse(
                        "{'to':'page_request_group','code':'INVALID','stream':256,'grpid':511,"
                                + "'pasid':1048575,'private_data':['0xffffffffffffffff',7],"
                                + "'last':false,'more':{'ignored':[1]}}");

        PageRequestGroup group = line.group("vtd");

        assertEquals(List.of(-1L, 7L), line.privateData());
        assertTrue(group.token().withPasid());
        assertTrue(group.token().hasPrivateData());
        assertEquals(-1, group.token().private0());
        assertEquals(7, group.token().private1());
        assertFalse(group.token().last());
    }

    @Test
    void readsTheAnswerToAGroupThatIsNamedByItsCookie() {
        ResponseLine line =
                parse("{'to':'page_request_group','code':'INVALID','cookie':4294967295}");

        PageRequestGroup group = line.group("iommufd");

        assertEquals(-1, line.cookie());
        assertEquals(0xffff_ffff_0000_0000L, group.raw(3));
        assertFalse(group.token().hasPrivateData());
    }

    @Test
    void endsTheStallsOfAStreamWithoutACode() {
        ResponseLine line = parse("{'to':'stream','stream':'0x100'}");

        assertEquals(ResponseLine.To.STREAM, line.to());
        assertEquals(256, line.stream());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{'to':'nobody','stream':1}",
                "{'to':'stall','stream':1,'grpid':1}",
                "{'to':'stall','code':'MAYBE','stream':1,'grpid':1}",
                "{'to':'stall','code':'SUCCESS','grpid':1}",
                "{'to':'stall','code':'SUCCESS','stream':4294967296,'grpid':1}",
                "{'to':'stall','code':'SUCCESS','stream':1,'grpid':65536}",
                "{'to':'page_request_group','code':'SUCCESS','stream':1,'grpid':512}",
                "{'to':'page_request_group','code':'SUCCESS','stream':1,'grpid':1,'pasid':1048576}",
                "{'to':'page_request_group','code':'SUCCESS','stream':1,'grpid':1,'pasid':-1}",
                "{'to':'page_request_group','code':'SUCCESS','stream':1,'grpid':1,'private_data':[1]}",
                "{'to':'page_request_group','code':'SUCCESS','cookie':0}",
                "{'to':'page_request_group','code':'SUCCESS','cookie':4294967296}",
                "{'to':'page_request_group','code':'SUCCESS','cookie':1,'private_data':[1,2]}",
                "{'to':'page_request_group','code':'SUCCESS','cookie':1,'grpid':512}",
                "{'to':'stall','code':'SUCCESS','stream':1.5,'grpid':1}",
                "{'to':'stall','code':'SUCCESS','stream':1,'grpid':1} x"
            })
    void saysWhatIsWrong(String line) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> parse(line));

        assertFalse(e.getMessage().isBlank());
    }

    @Property
    void refusesAnyOtherTextWithoutADefect(@ForAll String any) {
        byte[] line = any.getBytes(StandardCharsets.UTF_8);

        assertThrows(IllegalArgumentException.class, () -> ResponseLine.parse(line));
    }

    private static ResponseLine parse(String line) {
        return ResponseLine.parse(line.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
