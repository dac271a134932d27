package io.faultline.replay.internal;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.hardware.CommandPort;
import java.nio.ByteBuffer;

/** A command ring that never fills: it takes each command and writes it down, if anybody asked. */
final class AnswerPort implements CommandPort, AutoCloseable {
    private final Unit unit;

    /** Null: nobody asked. */
    private final ResponseFile file;

    private volatile boolean closed;
    private volatile boolean flushes;

    AnswerPort(Unit unit, ResponseFile file) {
        this.unit = unit;
        this.file = file;
    }

    @Override
    public boolean submit(ByteBuffer command) {
        return submit(command, null, null);
    }

    @Override
    public boolean submit(ByteBuffer command, PageRequestGroup group, Response response) {
        if (closed) {
            throw new IllegalStateException(unit + ": the replay has ended");
        }
        if (file != null) {
            file.write(unit, command, group, response);
            if (flushes) {
                file.flush();
            }
        }
        return true;
    }

    /** What was taken so far can be read in the file afterwards. */
    void flush() {
        if (file != null) {
            file.flush();
        }
    }

    /** From now on: what is answered late comes seldom, and nobody may call {@link #flush}. */
    void flushEachAnswer() {
        flushes = true;
        flush();
    }

    @Override
    public void close() {
        closed = true;
        flush();
    }
}
