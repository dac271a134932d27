package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Access;
import io.faultline.mm.PageIn;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PageLogTest {
    @Test
    void keepsTheLastEntries() {
        PageLog log = new PageLog(4);

        for (int i = 0; i < 1000; i++) {
            log.add(i * 4096L, Access.WRITE, PageIn.Kind.MADE_WRITABLE);
        }

        assertEquals(
                LongStream.range(996, 1000)
                        .mapToObj(
                                n ->
                                        new PageIn(
                                                n,
                                                n * 4096,
                                                Access.WRITE,
                                                PageIn.Kind.MADE_WRITABLE))
                        .toList(),
                log.last(100));
        assertEquals(1000, log.written());
        assertEquals(List.of(999L), log.last(1).stream().map(PageIn::number).toList());
    }

    @Test
    void losesNothingThatFitsWhenManyWrite() {
        PageLog log = new PageLog(1 << 14);

        IntStream.range(0, 1 << 14)
                .parallel()
                .forEach(i -> log.add((long) i << 12, Access.READ, PageIn.Kind.BROUGHT_IN));

        assertEquals(
                1 << 14, log.last(1 << 14).stream().mapToLong(PageIn::address).distinct().count());
    }
}
