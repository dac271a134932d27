package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultClass;
import io.faultline.fault.FaultKind;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.StopMarker;
import io.faultline.fault.TimeBase;
import io.faultline.fault.UnrecoverableFault;
import org.junit.jupiter.api.Test;

class FaultBuilderTest {
    private final FaultBuilder builder = new FaultBuilder();

    @Test
    void buildsAReadWithoutMoreAdo() {
        Fault fault = builder.unrecoverable(Reason.NOT_PRESENT);

        assertEquals(FaultKind.UNRECOVERABLE, fault.kind());
        assertEquals(0x100, fault.requester());
        assertEquals(0x1000, fault.iova());
        assertEquals(Access.READ, fault.access());
        assertEquals(Fault.NO_PASID, fault.pasid());
        assertFalse(fault.observed());
        assertEquals(0, fault.rawWords());
    }

    @Test
    void saysWhatItWasTold() {
        UnrecoverableFault fault =
                builder.unit("vtd", "dmar0")
                        .queue("frcd")
                        .generation(3)
                        .observed()
                        .device("0000:3b:00.0")
                        .time(12, TimeBase.EPOCH)
                        .sequence(40)
                        .code(6)
                        .requester(0x3b00)
                        .pasid(5)
                        .access(Access.WRITE)
                        .iova(-4096)
                        .ipa(0x2000)
                        .stage(2)
                        .faultClass(FaultClass.TABLE_WALK)
                        .raw(1, 2)
                        .unrecoverable(Reason.PERMISSION);

        assertEquals("dmar0", fault.unit().name());
        assertEquals(3, fault.origin().generation());
        assertTrue(fault.observed());
        assertEquals(TimeBase.EPOCH, fault.timeBase());
        assertEquals(40, fault.sequence());
        assertEquals(6, fault.code());
        assertEquals(Access.WRITE, fault.access());
        assertEquals(-4096, fault.iova());
        assertEquals(0x2000, fault.ipa());
        assertEquals(2, fault.stage());
        assertEquals(FaultClass.TABLE_WALK, fault.faultClass());
        assertEquals(2, fault.raw(1));
    }

    @Test
    void takesAway() {
        UnrecoverableFault fault =
                builder.noRequester()
                        .noIova()
                        .stage(1)
                        .stage(0)
                        .ipa(1)
                        .fetchAddress(0x40)
                        .unrecoverable(Reason.TABLE_FETCH);

        assertFalse(fault.hasRequester());
        assertFalse(fault.hasIova());
        assertEquals(0, fault.stage());
        assertFalse(fault.hasIpa());
        assertEquals(0x40, fault.fetchAddress());
    }

    @Test
    void refusesAnInterruptWithoutAnAddress() {
        UnrecoverableFault fault =
                builder.ipa(1).interruptIndex(0xffff).unrecoverable(Reason.INTERRUPT_REMAP);

        assertEquals(0xffff, fault.interruptIndex());
        assertFalse(fault.hasIova() || fault.hasIpa());
    }

    @Test
    void numbersItsFaults() {
        builder.hint(0);

        assertEquals(2, builder.hint(0).sequence());
    }

    @Test
    void buildsAGroupOfSeveralRequests() {
        PageRequestGroup group =
                builder.request(0x5000, Access.WRITE).request(0x6000, Access.READ).pageRequests(7);
        PageRequestGroup next = builder.pageRequests(8);

        assertTrue(group.complete());
        assertEquals(3, group.size());
        assertEquals(0x5000, group.iova(0));
        assertEquals(Access.WRITE, group.access(0));
        assertEquals(0x1000, group.iova(2));
        assertEquals(1, next.size());
    }

    @Test
    void buildsEveryKind() {
        PageRequestGroup stall = builder.stall(Reason.PERMISSION, 0xffff);
        AccessHint hint = builder.hint(8192);
        StopMarker marker = builder.pasid(4).stopMarker(2);

        assertTrue(stall.stalled() && stall.complete());
        assertEquals(Reason.PERMISSION, stall.reason());
        assertEquals(8192, hint.lengthBytes());
        assertEquals(Access.NONE, marker.access());
        assertFalse(marker.hasIova());
        assertEquals(4, marker.pasid());
    }
}
