package io.faultline.replay.internal;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import org.osgi.service.component.annotations.Component;

/**
 * Waits until what is played as fast as possible has been played: for the program's {@code --exec},
 * whose commands ask about recordings, and {@code --then-stop}, which would cut them short.
 *
 * <p>Nobody waits for a recording at another rate or in a loop, or one whose decoder is missing.
 * The wait ends with the recordings, and so when the platform stops.
 */
@Component(
        service = {PlayedCommand.class, ToIntFunction.class},
        property = "faultline.command=played")
public final class PlayedCommand implements ToIntFunction<Map<String, Object>> {
    private static final long LOOK_NANOS = 2_000_000;

    private final Set<Player> players = ConcurrentHashMap.newKeySet();

    void add(Player player) {
        players.add(player);
    }

    void remove(Player player) {
        players.remove(player);
    }

    @Override
    public int applyAsInt(Map<String, Object> arguments) {
        while (players.stream().anyMatch(Player::isRunningOut)) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        return 0;
    }
}
