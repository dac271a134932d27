package io.faultline.iopf.internal;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.Unit;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.FaultInResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** One space: PASID 7 at stage 1 and all of stage 2. Pages from 0x1000 to 0xffff_ffff are there. */
final class FakeSpaces implements AddressSpaces, AddressSpace {
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    volatile FaultInResult result = FaultInResult.RESIDENT;
    volatile CountDownLatch gate;
    volatile boolean blocks;
    volatile int pageBytes = DEFAULT_PAGE_BYTES;
    volatile RuntimeException thrown;
    volatile Error error;

    @Override
    public AddressSpace find(Unit unit, int requester, int pasid, int stage) {
        boolean known = stage == 1 ? pasid == 7 : pasid == Fault.NO_PASID;
        return known ? this : null;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public int pageBytes() {
        return pageBytes;
    }

    @Override
    public FaultInResult faultIn(long address, Access access) {
        calls.add("in 0x%x %s".formatted(address, access));
        CountDownLatch present = gate;
        if (present != null) {
            try {
                present.await();
            } catch (InterruptedException e) {
                return FaultInResult.GOING_AWAY;
            }
        }
        return answer(address);
    }

    private FaultInResult answer(long address) {
        if (error != null) {
            throw error;
        }
        if (thrown != null) {
            throw thrown;
        }
        return address >= 0x1000 && address <= 0xffff_ffffL ? result : FaultInResult.NO_AREA;
    }

    @Override
    public FaultInResult probe(long address, Access access) {
        calls.add("probe 0x%x %s".formatted(address, access));
        return answer(address);
    }

    @Override
    public boolean mayBlock() {
        return blocks;
    }
}
