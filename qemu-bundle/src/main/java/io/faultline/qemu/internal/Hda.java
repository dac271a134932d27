package io.faultline.qemu.internal;

/**
 * A sound controller, as a source of single reads: when the write pointer of its command buffer
 * moves it reads the next command, 4 bytes. The buffer is aligned to 128 bytes, so any multiple of
 * 4 is the place of one of its commands.
 *
 * <p>Source: Intel High Definition Audio Specification, 3.3.18 to 3.3.24.
 */
final class Hda extends Endpoint {
    private static final int GCTL = 0x08;
    private static final int CORBLBASE = 0x40;
    private static final int CORBUBASE = 0x44;
    private static final int CORBWP = 0x48;
    private static final int CORBRP = 0x4a;
    private static final int CORBCTL = 0x4c;
    private static final int RINTCNT = 0x5a;
    private static final int OUT_OF_RESET = 1;
    private static final int RUN = 2;
    private static final int ALIGNMENT_MASK = 0x7f;
    private static final int POINTER_MASK = 0xff;

    Hda(Pci pci, Qtest qtest, Slot slot, long bar) {
        super(pci, qtest, slot, bar);
        enable(0x10);
        qtest.write32(bar + GCTL, OUT_OF_RESET);
        qtest.write16(bar + RINTCNT, POINTER_MASK); // 0: it waits for room for answers
        qtest.write8(bar + CORBCTL, RUN);
    }

    @Override
    void touch(long address) {
        int command = (int) address >>> 2 & ALIGNMENT_MASK >> 2;
        qtest.write32(bar + CORBLBASE, (int) address & ~ALIGNMENT_MASK);
        qtest.write32(bar + CORBUBASE, (int) (address >>> 32));
        qtest.write16(bar + CORBRP, command - 1 & POINTER_MASK);
        qtest.write16(bar + CORBWP, command);
    }
}
