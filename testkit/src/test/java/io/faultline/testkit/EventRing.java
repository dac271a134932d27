package io.faultline.testkit;

import static io.faultline.testkit.FakeSmmu.EVENTQ_ABT_ERR;
import static io.faultline.testkit.FakeSmmu.EVENTQ_BASE;
import static io.faultline.testkit.FakeSmmu.EVENTQ_CONS;
import static io.faultline.testkit.FakeSmmu.EVENTQ_PROD;
import static io.faultline.testkit.FakeSmmu.GERROR;
import static io.faultline.testkit.FakeSmmu.GERRORN;
import static io.faultline.testkit.FakeSmmu.OVFLG;
import static io.faultline.testkit.FakeSmmu.RECORD_BYTES;

import io.faultline.hardware.HardwareWindow;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;

/**
 * An SMMUv3 event queue as a {@link RecordQueue}: proof that the interface carries PROD and CONS
 * with wrap bits, OVFLG and OVACKFLG, and GERROR (Arm IHI 0070, 3.5 and 7.4).
 *
 * <p>PROD is read in {@link #available()} only: the overflow that {@link #overflowed()} tells lies
 * before the records that were counted then, so what is consumed before {@link #acknowledge()} is
 * all that hardware wrote before it lost one.
 */
final class EventRing implements RecordQueue {
    private static final int LOG2SIZE = 0x1f;
    private static final long ADDRESS = 0xff_ffff_ffff_ffe0L;

    private final HardwareWindow window;
    private final int slots;
    private final ByteBuffer memory;

    /** PROD as it was read last; software's own CONS, which only this class moves. */
    private int prod;

    private int cons;
    private boolean aborted;

    EventRing(HardwareWindow window) {
        this.window = window;
        long base = window.read64(EVENTQ_BASE);
        this.slots = 1 << (base & LOG2SIZE);
        this.memory = window.memory(base & ADDRESS, slots * RECORD_BYTES);
        this.cons = window.read32(EVENTQ_CONS);
    }

    @Override
    public String kind() {
        return "evtq";
    }

    @Override
    public int available() {
        prod = window.read32(EVENTQ_PROD);
        aborted = ((window.read32(GERROR) ^ window.read32(GERRORN)) & EVENTQ_ABT_ERR) != 0;
        int waiting = (prod - cons) & counterMask();
        return waiting > slots ? INCONSISTENT : waiting;
    }

    /** Index and wrap bit together count modulo twice the size. */
    private int counterMask() {
        return 2 * slots - 1;
    }

    @Override
    public int first() {
        return cons & (slots - 1);
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public void consumed(int n) {
        cons = (cons & OVFLG) | ((cons + n) & counterMask());
        window.write32(EVENTQ_CONS, cons);
    }

    @Override
    public boolean overflowed() {
        return aborted || ((prod ^ cons) & OVFLG) != 0;
    }

    @Override
    public void acknowledge() {
        if (aborted) {
            int errors = window.read32(GERRORN);
            window.write32(GERRORN, errors ^ EVENTQ_ABT_ERR);
            aborted = false;
        }
        cons = (cons & ~OVFLG) | (prod & OVFLG);
        window.write32(EVENTQ_CONS, cons);
    }

    @Override
    public boolean listen(Runnable wake) {
        window.onInterrupt("gerror", wake);
        return window.onInterrupt("evtq", wake);
    }
}
