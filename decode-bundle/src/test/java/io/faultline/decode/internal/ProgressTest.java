package io.faultline.decode.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final int CHUNK = 10_000_000;
    private static final long SECOND = 1_000_000_000L;

    private final List<String> terminal = new ArrayList<>();
    private final byte[] buffer = new byte[CHUNK];
    private long now = -5;

    @Test
    void tellsHowFarALongInputIs() throws IOException {
        InputStream in = progress(200_000_000).counted(zeroes());

        in.readNBytes(buffer, 0, CHUNK);
        now += SECOND;
        in.readNBytes(buffer, 0, CHUNK);

        assertEquals("\r\u001b[K20 of 200 MB read (10 %), 20 MB/s", terminal.get(1));
    }

    @Test
    void saysNothingOfAShortInput() throws IOException {
        InputStream in = progress(49_000_000).counted(zeroes());

        for (int i = 0; i < 4; i++) {
            in.readNBytes(buffer, 0, CHUNK);
            now += SECOND;
        }

        assertEquals(List.of(), terminal);
    }

    @Test
    void beginsLateWhereTheLengthIsUnknown() throws IOException {
        InputStream in = progress(0).counted(zeroes());

        for (int i = 0; i < 6; i++) {
            now += SECOND;
            in.readNBytes(buffer, 0, CHUNK);
        }

        assertEquals(List.of("\r\u001b[K60 MB read, 10 MB/s"), terminal);
    }

    @Test
    void isTakenAwayOnceAndComesBackLater() throws IOException {
        Progress progress = progress(200_000_000);
        InputStream in = progress.counted(zeroes());
        in.readNBytes(buffer, 0, CHUNK);

        progress.takeAway();
        progress.takeAway();
        in.readNBytes(buffer, 0, CHUNK);
        assertEquals("\r\u001b[K", terminal.get(terminal.size() - 1));
        int before = terminal.size();
        now += SECOND;
        in.readNBytes(buffer, 0, CHUNK);

        assertEquals(before + 1, terminal.size());
    }

    @Test
    void costsNothingIfNobodyLooks() {
        InputStream in = zeroes();

        assertSame(in, new Progress(null, 0, () -> now).counted(in));
    }

    private Progress progress(long total) {
        return new Progress(terminal::add, total, () -> now);
    }

    private static InputStream zeroes() {
        return new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                return length;
            }
        };
    }
}
