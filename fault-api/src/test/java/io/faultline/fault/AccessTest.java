package io.faultline.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {
    @ParameterizedTest
    @CsvSource({"0, -", "1, R", "2, W", "3, R+W", "4, X", "7, R+W+X", "8, PRIV", "15, R+W+X+PRIV"})
    void namesItsRightsInTheOrderOfTheBits(int bits, String text) {
        assertEquals(text, Access.of(bits).toString());
    }

    @Property
    void isOneObjectForEachSetOfRights(@ForAll int bits) {
        Access access = Access.of(bits);

        assertSame(access, Access.of(access.bits()));
        assertEquals(bits & FaultBits.ACCESS_MASK, access.bits());
        assertEquals(Integer.bitCount(access.bits()), access.words().size());
    }

    @Test
    void answersForEachRight() {
        Access access = Access.of(FaultBits.WRITE | FaultBits.PRIV);

        assertTrue(access.isWrite() && access.isPrivileged());
        assertFalse(access.isRead() || access.isExecute());
        assertTrue(Access.READ.isRead());
        assertTrue(Access.of(FaultBits.EXEC).isExecute());
        assertEquals(List.of(), Access.NONE.words());
        assertSame(Access.of(FaultBits.READ), Access.READ);
        assertSame(Access.of(FaultBits.WRITE), Access.WRITE);
    }
}
