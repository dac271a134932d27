package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GramsTest {
    private static final String LITERAL = "default_qzxwvk";
    private static final int STRIDE = 4;

    private static int[] rarestIn(String log) {
        byte[] bytes = Logs.bytes(log);
        GramCounts counts = new GramCounts(LiteralSearch.littleEndian(bytes), 0, bytes.length);
        int[] rarest = Grams.rarest(LITERAL, STRIDE, counts);
        for (int i = 0; i < STRIDE; i++) {
            assertEquals(i, rarest[i] % STRIDE, () -> Arrays.toString(rarest));
        }
        return rarest;
    }

    @Test
    void takesTheGramsThatALogHasLeastOften() {
        int[] atEnd = rarestIn("default_ ".repeat(1000));
        int[] atBegin = rarestIn(" _qzxwvk ".repeat(1000));

        assertTrue(IntStream.of(atEnd).allMatch(at -> at > 3), () -> Arrays.toString(atEnd));
        assertTrue(IntStream.of(atBegin).allMatch(at -> at < 8), () -> Arrays.toString(atBegin));
    }
}
