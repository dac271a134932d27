package io.faultline.mm.internal;

import io.faultline.fault.Access;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.ManagedSpace;
import io.faultline.mm.SpaceOptions;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Truncates a file and lets it grow again while another thread touches its pages. */
final class Truncation {
    private static final int PAGE = 4096;
    private static final int PAGES = 64;
    private static final int LEAST_ROUNDS = 300;

    private Truncation() {}

    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[0]);
        SpaceTable table = new SpaceTable(System.out::println);
        ManagedSpace space =
                table.createMapped("ram", path, true, List.of(), SpaceOptions.DEFAULTS);
        Map<FaultInResult, Long> seen = new EnumMap<>(FaultInResult.class);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            Thread other = new Thread(() -> shrinkAndGrow(file));
            other.start();
            for (int i = 0; other.isAlive(); i++) {
                Access access = (i & 1) == 0 ? Access.READ : Access.WRITE;
                seen.merge(space.faultIn((long) (i % PAGES) * PAGE, access), 1L, Long::sum);
            }
        }
        System.out.println(seen);
        boolean both =
                seen.keySet()
                        .equals(java.util.Set.of(FaultInResult.RESIDENT, FaultInResult.IO_ERROR));
        System.out.println(both ? "both answers were given, and no other" : "not as expected");
    }

    private static void shrinkAndGrow(RandomAccessFile file) {
        try {
            for (int round = 0; round < LEAST_ROUNDS; round++) {
                file.setLength(PAGE);
                Thread.sleep(0, 200_000);
                file.setLength((long) PAGES * PAGE);
                Thread.sleep(0, 200_000);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
