package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.PageRequestGroup;
import io.faultline.guest.internal.TestGuest.Got;
import io.faultline.testkit.FaultBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Groups of every size reach a guest whole, in frames of no more than 65536 bytes. */
class GroupFramesTest {
    private static final int LARGEST = 512;
    private static final int DEPTH = 4096;
    private static final int LAST = 2;

    @Test
    void holdWholeGroupsOfAllSizesUpToTheLargest() throws Exception {
        List<Integer> sizes = new ArrayList<>(IntStream.rangeClosed(1, LARGEST).boxed().toList());
        Collections.shuffle(sizes, new Random(7));
        try (Rig rig = new Rig(Map.of("wake.ms", 1000));
                TestGuest guest = new TestGuest(rig.socket)) {
            guest.send(TestGuest.claim(DEPTH, new byte[Frame.TOKEN_BYTES], "0x100", 1, 3));
            guest.granted();
            Claim claim = rig.claims.get(0);
            for (int from = 0; from < sizes.size(); ) {
                int to = from;
                for (int all = 0; to < sizes.size() && all + sizes.get(to) <= DEPTH; to++) {
                    all += sizes.get(to);
                    claim.handle(group(rig, sizes.get(to)), new Waits());
                }
                claim.endOfBatch(null);
                assertEquals(sizes.subList(from, to), came(guest, to - from));
                from = to;
            }
            rig.until("read", () -> rig.view().read() == rig.view().enqueued());
            assertEquals(LARGEST * (LARGEST + 1) / 2, rig.view().read());
            assertEquals(0, rig.view().dropped());
        }
    }

    /** The size is told twice: by the group's index, and by how many requests there are. */
    private static PageRequestGroup group(Rig rig, int size) {
        FaultBuilder builder = rig.fault().pasid(7).iova(0x1000L * size); // the last one
        for (int i = 1; i < size; i++) {
            builder.request(0x1000L * i, Access.READ);
        }
        return builder.pageRequests(size & 0x1ff);
    }

    private static List<Integer> came(TestGuest guest, int groups) throws Exception {
        List<Integer> sizes = new ArrayList<>();
        while (sizes.size() < groups) {
            Got got = guest.await(Frame.FAULTS);
            assertEquals(got.count() * Frame.FAULT_BYTES, got.payload().limit());
            assertTrue(got.payload().limit() <= Frame.LONGEST - Frame.HEADER);
            int begin = 0;
            for (int i = 0; i < got.count(); i++) {
                assertEquals(got.word(10 * begin + 9), got.word(10 * i + 9), "one cookie");
                assertEquals(0x1000L * (i - begin + 1), got.payload().getLong(40 * i + 24));
                if ((got.word(10 * i) & LAST) != 0) {
                    sizes.add(i + 1 - begin);
                    assertEquals((i + 1 - begin) & 0x1ff, got.word(10 * i + 3), "its index");
                    begin = i + 1;
                }
            }
            assertEquals(got.count(), begin, "the last group is whole, too");
        }
        return sizes;
    }
}
