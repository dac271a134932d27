package io.faultline.handler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.faultline.fault.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {
    @ParameterizedTest
    @EnumSource(Response.class)
    void isAConstantForEachResponse(Response response) {
        Verdict verdict = Verdict.handled(response);

        assertSame(verdict, Verdict.handled(response));
        assertEquals(Verdict.Kind.HANDLED, verdict.kind());
        assertEquals(response, verdict.response());
        assertEquals("HANDLED " + response, verdict.toString());
    }

    @Test
    void carriesWhyItFailedAndWhatItWouldAnswer() {
        Verdict plain = Verdict.failed("no mapping");
        Verdict suggesting = Verdict.failed("no mapping", Response.INVALID);

        assertEquals(Verdict.Kind.FAILED, plain.kind());
        assertNull(plain.response());
        assertEquals("no mapping", plain.reason());
        assertEquals(Response.INVALID, suggesting.response());
        assertEquals("FAILED INVALID (no mapping)", suggesting.toString());
    }

    @Test
    void hasNoDataWithoutNeed() {
        for (Verdict verdict : new Verdict[] {Verdict.HANDLED, Verdict.PASSED, Verdict.DEFERRED}) {
            assertNull(verdict.response());
            assertNull(verdict.reason());
            assertEquals(verdict.kind().name(), verdict.toString());
        }
    }

    @Test
    void refusesWhatIsMissing() {
        assertThrows(NullPointerException.class, () -> Verdict.handled(null));
        assertThrows(NullPointerException.class, () -> Verdict.failed(null));
        assertThrows(NullPointerException.class, () -> Verdict.failed("why", null));
    }
}
