package io.faultline.testkit;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.hardware.CommandPort;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * A command ring that keeps what is submitted. A test can make it full or break it.
 *
 * <p><b>Threads.</b> Safe for any thread.
 */
public final class RecordingPort implements CommandPort {
    private final List<Command> submitted = new ArrayList<>();
    private int room = Integer.MAX_VALUE;
    private boolean broken;
    private int refused;

    /**
     * What was submitted at once.
     *
     * @param hex the command in memory order
     * @param group what it answers, or null if that was not said
     * @param response the answer, or null if that was not said
     */
    public record Command(String hex, PageRequestGroup group, Response response) {}

    /** A port that takes everything. */
    public RecordingPort() {}

    @Override
    public boolean submit(ByteBuffer command) {
        return submit(command, null, null);
    }

    @Override
    public synchronized boolean submit(
            ByteBuffer command, PageRequestGroup group, Response response) {
        if (broken) {
            throw new IllegalStateException("the unit takes no more commands");
        }
        if (room == 0) {
            refused++;
            return false;
        }
        if (room != Integer.MAX_VALUE) {
            room--;
        }
        byte[] bytes = new byte[command.remaining()];
        command.duplicate().get(bytes);
        submitted.add(new Command(HexFormat.of().formatHex(bytes), group, response));
        return true;
    }

    /**
     * Limits the ring.
     *
     * @param commandsMore how many more commands it takes until it is full; {@link
     *     Integer#MAX_VALUE}: it never is
     */
    public synchronized void room(int commandsMore) {
        room = commandsMore;
    }

    /** From now on the unit takes no more commands. */
    public synchronized void broken() {
        broken = true;
    }

    /**
     * What was submitted.
     *
     * @return in the order of submission; a copy
     */
    public synchronized List<Command> submitted() {
        return List.copyOf(submitted);
    }

    /**
     * The commands that were submitted.
     *
     * @return hex in memory order, in the order of submission; a copy
     */
    public synchronized List<String> commands() {
        return submitted.stream().map(Command::hex).toList();
    }

    /**
     * The answers that were submitted.
     *
     * @return in the order of submission; a copy
     */
    public synchronized List<Response> responses() {
        return submitted.stream().map(Command::response).filter(Objects::nonNull).toList();
    }

    /**
     * How often the ring was full.
     *
     * @return calls that were told to come again
     */
    public synchronized int refused() {
        return refused;
    }
}
