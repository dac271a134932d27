package io.faultline.iommufd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.Keys;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PageFaultTest {
    private final PageFault decoder = new PageFault();

    @Test
    void describesARequestInASentence() {
        Decoded decoded = decode(7L << 32 | 3, 17L << 32 | 42, 3, 0x7f00_1234_6000L, 1L << 32);

        assertEquals(
                "page request of device 7 pasid 0x2a group 17 last at 0x7f0012346000 R+W",
                decoded.keys().get("description"));
    }

    /** Somebody waits for an answer to it, and its cookie is known. */
    @Test
    void canHaveARequestAnsweredWhosePasidIsNone() {
        Decoded decoded = decode(7L << 32 | 3, 17L << 32 | 0x10_0000, 3, 0x1000, 9L << 32);

        PageRequestGroup request = decoded.malformedRequest();
        assertEquals("bad_pasid", decoded.malformed());
        assertTrue((request.attributes() & FaultBits.LAST) != 0);
        assertEquals(9, PageFault.cookie(request));
        String sentence = decoder.explain("bad_pasid", 0, 0x10_0000, 0, 0);
        assertTrue(sentence.startsWith("PASID 0x100000 has more than 20 bits"), sentence);
    }

    @Test
    void doesNotKnowTheCookieOfARequestWithoutItsRecord() {
        PageRequestGroup group = new FaultBuilder().pageRequests(1);

        assertEquals(0, PageFault.cookie(group));
        assertNull(Keys.of(group, decoder).get("cookie"));
    }

    @Property
    void areMalformedByTheirPasidOnly(@ForAll @Size(5) long[] words) {
        Decoded decoded = decode(words);

        boolean wide = (words[0] & 1) != 0 && (words[1] & 0xfff0_0000L) != 0;
        assertEquals(wide ? "bad_pasid" : null, decoded.malformed());
        assertTrue(decoded.keys().containsKey("kind"));
    }

    private Decoded decode(long... words) {
        ByteBuffer record = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        record.asLongBuffer().put(words);
        return Decoded.of(decoder, record.array());
    }
}
