package io.faultline.vtd.internal;

import io.faultline.testkit.FakeWindow;

/** A unit as a window shows it, with two recording registers, and hardware's side of its queues. */
final class FakeVtd extends FakeWindow {
    static final int PFO = 1;
    static final int PPF = 2;
    static final int IQE = 16;
    static final int PRO = 2;

    private static final long FRCD = 0x220;
    private static final int REGISTERS = 2;

    private static final long GCMD = 0x18;
    private static final long GSTS = 0x1c;

    private int nextRegister;
    private boolean stuck;

    FakeVtd() {
        super(RecordingRegister.ARCH, 0x400, 1 << 18);
        setRegister64(UnitRegisters.CAP, (FRCD >> 4) << 24 | (REGISTERS - 1L) << 40);
        set(LiveUnit.PAGES_LOG2, 0);
    }

    FakeVtd withPageRequests() {
        setRegister64(UnitRegisters.ECAP, 1L << 29);
        return this;
    }

    /** ECAP.PASID, and PSS, which is one less than the width. */
    FakeVtd withPasids(int pss) {
        setRegister64(UnitRegisters.ECAP, 1L << 40 | (long) pss << 35);
        return this;
    }

    /** CAP.SSLPS, of which bit 0 is 2 MB and bit 1 is 1 GB, and CAP.FS1GP. */
    FakeVtd withLargePages(int secondStage, boolean firstStage1G) {
        long rest = register64(UnitRegisters.CAP) & ~(0xfL << 34 | 1L << 56);
        setRegister64(
                UnitRegisters.CAP, rest | (long) secondStage << 34 | (firstStage1G ? 1L << 56 : 0));
        return this;
    }

    /** ECAP.FSTS. */
    FakeVtd withFirstStage() {
        setRegister64(UnitRegisters.ECAP, 1L << 47);
        return this;
    }

    /** GSTS does not follow GCMD any more. */
    FakeVtd stuck() {
        stuck = true;
        return this;
    }

    /** What is enabled (GSTS). */
    int enabled() {
        return register32(GSTS);
    }

    int status() {
        return register32(UnitRegisters.FSTS);
    }

    private void status(int value) {
        setRegister32(UnitRegisters.FSTS, value);
    }

    private static long recordingRegister(int slot) {
        return FRCD + (long) slot * 16;
    }

    /** Hardware records a write that was refused; false: it was lost. */
    boolean record(int source, long page) {
        long at = recordingRegister(nextRegister);
        if ((status() & PFO) != 0 || register64(at + 8) < 0) {
            status(status() | PFO);
            return false;
        }
        setRegister64(at, page);
        setRegister64(at + 8, 1L << 63 | 5L << 32 | source);
        nextRegister = (nextRegister + 1) % REGISTERS;
        updatePending();
        interrupt("frcd");
        return true;
    }

    /** PPF and FRI follow from the F bits. */
    private void updatePending() {
        int status = status() & ~(PPF | 0xff00);
        for (int i = 0; i < REGISTERS; i++) {
            int slot = (nextRegister + i) % REGISTERS;
            if (register64(recordingRegister(slot) + 8) < 0) {
                status(status | PPF | slot << 8);
                return;
            }
        }
        status(status);
    }

    /** Hardware writes a page request; false: it was lost. */
    boolean request(long w0, long w1) {
        long base = register64(UnitRegisters.PQA);
        int tail = register32(UnitRegisters.PQT);
        int next = (tail + 32) % bytes(base);
        int prs = register32(UnitRegisters.PRS);
        if ((prs & PRO) != 0 || next == register32(UnitRegisters.PQH)) {
            setRegister32(UnitRegisters.PRS, prs | PRO);
            return false;
        }
        memory(address(base) + tail, 32).putLong(0, w0).putLong(8, w1);
        setRegister64(UnitRegisters.PQT, next);
        setRegister32(UnitRegisters.PRS, prs | 1);
        interrupt("prq");
        return true;
    }

    private static long address(long base) {
        return base & -4096L;
    }

    private static int bytes(long base) {
        return 4096 << (base & 7);
    }

    /** Hardware takes descriptors until there are none left, or refuses one. */
    void execute() {
        long base = register64(UnitRegisters.IQA);
        int head = register32(UnitRegisters.IQH);
        while ((status() & IQE) == 0 && head != register32(UnitRegisters.IQT)) {
            byte[] descriptor = fetch(address(base) + head, 32);
            int type = descriptor[0] & 0xf;
            if (type != 9 && type != 5) {
                status(status() | IQE);
            } else {
                addExecuted(descriptor);
                head = (head + 32) % bytes(base);
                setRegister64(UnitRegisters.IQH, head);
            }
        }
    }

    @Override
    protected void stored32(long offset, int value) {
        int present = register32(offset);
        if (offset == UnitRegisters.FSTS || offset == UnitRegisters.PRS) {
            setRegister32(offset, present & ~((value & ~PPF) | (value & PRO)));
        } else if (offset >= FRCD) {
            setRegister32(offset, present & ~value);
            updatePending();
        } else {
            setRegister32(offset, value);
            if (offset == GCMD && !stuck) {
                setRegister32(GSTS, value);
            }
        }
    }
}
