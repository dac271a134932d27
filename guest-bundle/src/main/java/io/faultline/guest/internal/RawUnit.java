package io.faultline.guest.internal;

import io.faultline.fault.Unit;
import io.faultline.guest.RawCommands;
import io.faultline.guest.RawQueue;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.queue.QueueGrant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A unit whose hardware is a client: it writes records and takes commands.
 *
 * <p>One thread writes, one lane reads. The writer copies records, then moves {@code tail}
 * (volatile); the lane reads {@code tail}, then the records, and gives slots back through {@code
 * head}. So slots in [head, tail) are the lane's, all others the writer's. Both only count up.
 */
final class RawUnit implements HardwareUnit, RecordQueue, CommandPort, RawQueue {
    private final Unit unit;
    private final String kind;
    private final int recordBytes;
    private final QueueGrant grant;
    private final ByteBuffer memory;
    private final RawCommands commands;
    private volatile long head;
    private volatile long tail;
    private volatile boolean overflowed;
    private volatile boolean closed;
    private volatile Runnable listener;
    private Runnable unregister = () -> {};
    private final Object closing = new Object();

    RawUnit(Unit unit, String kind, int recordBytes, QueueGrant grant, RawCommands commands) {
        this.unit = unit;
        this.kind = kind;
        this.recordBytes = recordBytes;
        this.grant = grant;
        this.commands = commands;
        this.memory =
                ByteBuffer.allocateDirect(grant.granted() * recordBytes)
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    void registered(Runnable undo) {
        unregister = undo;
    }

    // --- the client's side

    @Override
    public QueueGrant grant() {
        return grant;
    }

    @Override
    public int recordBytes() {
        return recordBytes;
    }

    @Override
    public int write(byte[] records) {
        if (records.length % recordBytes != 0) {
            throw new IllegalArgumentException(
                    "length=" + records.length + " is no multiple of " + recordBytes);
        }
        if (closed) {
            throw new IllegalStateException(unit.name() + " is closed");
        }
        int wanted = records.length / recordBytes;
        long end = tail;
        int taken = (int) Math.min(wanted, slots() - (end - head));
        for (int i = 0; i < taken; i++) {
            int slot = (int) ((end + i) & (slots() - 1));
            memory.put(slot * recordBytes, records, i * recordBytes, recordBytes);
        }
        tail = end + taken;
        if (taken < wanted) {
            overflowed = true;
        }
        Runnable wake = listener;
        if (wake != null) {
            wake.run();
        }
        return taken;
    }

    /** The lane may submit answers meanwhile: what it takes for that is not held here. */
    @Override
    public void close() {
        synchronized (closing) {
            if (!closed) {
                closed = true;
                unregister.run();
            }
        }
    }

    // --- the platform's side

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<RecordQueue> queues() {
        return List.of(this);
    }

    @Override
    public CommandPort port() {
        return this;
    }

    @Override
    public synchronized boolean submit(ByteBuffer command) {
        byte[] bytes = new byte[command.remaining()];
        command.get(command.position(), bytes);
        return commands.submit(bytes);
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public int available() {
        return (int) (tail - head);
    }

    @Override
    public int first() {
        return (int) (head & (slots() - 1));
    }

    @Override
    public int slots() {
        return grant.granted();
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public void consumed(int n) {
        long first = head; // the lane alone writes it
        head = first + n;
    }

    @Override
    public boolean overflowed() {
        return overflowed;
    }

    @Override
    public void acknowledge() {
        overflowed = false;
    }

    @Override
    public boolean listen(Runnable wake) {
        listener = wake;
        return true;
    }
}
