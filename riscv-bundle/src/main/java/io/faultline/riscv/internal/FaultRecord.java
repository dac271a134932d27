package io.faultline.riscv.internal;

import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_IPA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;
import static io.faultline.fault.FaultBits.TABLE_WRITE;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.FaultClass;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultKeys;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * A fault record: 32 bytes, little-endian (fctl.BE = 0), read as the doublewords {@code dw0} to
 * {@code dw3}.
 *
 * <pre>
 *      63      40 39    34  33   32 31         12 11      0
 *     +----------+--------+----+---+-------------+---------+
 * dw0 |    DID   |  TTYP  |PRIV| PV|     PID     |  CAUSE  |
 *     +----------+--------+----+---+-------------+---------+
 *      63                        32 31                    0
 *     +----------------------------+-----------------------+
 * dw1 |          reserved          |       custom use      |
 *     +----------------------------+-----------------------+
 * dw2 |    iotval: IOVA, message code, or by the cause     |
 *     +------------------------------------------+----+----+
 * dw3 |  iotval2: guest physical address (63:2)  |  W |  I |
 *     +------------------------------------------+----+----+
 * </pre>
 *
 * <p>I: an access to a page table or process directory met the fault, not the transaction's own; W:
 * that access was a write. They count for guest-page faults only.
 *
 * <p>Without an inbound transaction (TTYP 0) the record names no device. Types that are reserved or
 * custom say nothing of address or access.
 *
 * <p>Source: RISC-V IOMMU 1.0, "Fault/Event-Queue (FQ)".
 */
@Component
@Decodes(arch = RiscvIommu.ARCH, queue = RiscvIommu.FAULT_QUEUE)
public final class FaultRecord implements RecordDecoder {
    static final String CAUSE_ZERO = "cause_zero";

    private static final int BYTES = 32;
    private static final int WORDS = 4;

    private static final long IMPLICIT = 1;
    private static final long IMPLICIT_WRITE = 1L << 1;
    private static final long GPA = ~(IMPLICIT | IMPLICIT_WRITE);

    private static final int TABLE_WALK = FaultBits.of(FaultClass.TABLE_WALK);
    private static final int INPUT = FaultBits.of(FaultClass.INPUT);

    /** Keeps no state. */
    public FaultRecord() {}

    @Override
    public int recordBytes() {
        return BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long dw0 = queue.getLong(at);
        long dw1 = queue.getLong(at + 8);
        long dw2 = queue.getLong(at + 16);
        long dw3 = queue.getLong(at + 24);
        int number = cause(dw0);
        if (number == 0) {
            out.malformed(CAUSE_ZERO, dw0, dw1, dw2, dw3);
            return;
        }
        FaultCause cause = FaultCause.of(number);
        int type = TransactionType.of(dw0);
        int attributes = place(cause, dw3);
        int requester = 0;
        int pasid = Fault.NO_PASID;
        long iova = 0;
        if (type != TransactionType.NONE) {
            attributes |= HAS_REQUESTER;
            requester = RiscvIommu.deviceId(dw0);
            pasid = RiscvIommu.processId(dw0);
            if (TransactionType.hasAddress(type)) {
                int access = TransactionType.access(type, cause);
                attributes |= HAS_IOVA | access | (access == 0 ? 0 : privileged(dw0));
                iova = dw2;
            }
        }
        out.unrecoverable(
                cause.reason(),
                number,
                attributes,
                requester,
                pasid,
                iova,
                guestAddress(cause, dw3),
                dw0,
                dw1,
                dw2,
                dw3);
    }

    private static int cause(long dw0) {
        return (int) dw0 & FaultCause.MAX;
    }

    private static int privileged(long dw0) {
        long both = RiscvIommu.PV | RiscvIommu.PRIV;
        return (dw0 & both) == both ? FaultBits.PRIV : 0;
    }

    /** The stage, and what iotval2 says of a guest-page fault. */
    static int place(FaultCause cause, long iotval2) {
        if (!cause.isGuestPageFault()) {
            return cause.stage();
        }
        int place = cause.stage() | HAS_IPA;
        if ((iotval2 & IMPLICIT) == 0) {
            return place | INPUT;
        }
        return place | TABLE_WALK | ((iotval2 & IMPLICIT_WRITE) != 0 ? TABLE_WRITE : 0);
    }

    /** The guest physical address of a guest-page fault; 0 of others. */
    static long guestAddress(FaultCause cause, long iotval2) {
        return cause.isGuestPageFault() ? iotval2 & GPA : 0;
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        boolean whole = fault.rawWords() == WORDS;
        int type = whole ? TransactionType.of(fault.raw(0)) : -1;
        FaultCause cause = FaultCause.of(fault.code() & FaultCause.MAX);
        keys.number("arch_code", fault.code());
        keys.text("detail", cause.reason().word());
        FaultKeys.number(keys, "ttyp", whole, type);
        if (whole) {
            keys.flag("reserved_set", fault.raw(1) != 0);
        }
        if (type == TransactionType.MESSAGE) {
            describeMessage(fault.raw(2), keys);
        }
        if (cause.isGuestPageFault() && fault instanceof UnrecoverableFault guest) {
            describeGuest(guest, keys);
        }
        keys.text("description", sentence(fault, cause, type));
    }

    /** Codes have 8 bits (PCIe, 2.2.8); what is wider is shown as it is. */
    private static void describeMessage(long code, KeySink keys) {
        if (code >>> Integer.SIZE == 0) {
            keys.number("message_code", code);
        } else {
            keys.hex("message_code", code);
        }
    }

    private static void describeGuest(UnrecoverableFault fault, KeySink keys) {
        FaultKeys.address(keys, "gpa", fault.hasIpa(), fault.ipa());
        keys.flag("implicit", fault.faultClass() == FaultClass.TABLE_WALK);
        keys.flag("implicit_write", (fault.attributes() & TABLE_WRITE) != 0);
    }

    private static String sentence(Fault fault, FaultCause cause, int type) {
        StringBuilder text = new StringBuilder(160).append(cause.meaning());
        RiscvIommu.appendSource(fault, text);
        RiscvIommu.appendAccess(fault, text);
        if (fault instanceof UnrecoverableFault guest && guest.hasIpa()) {
            text.append(", guest physical address 0x").append(Long.toHexString(guest.ipa()));
            if (guest.faultClass() == FaultClass.TABLE_WALK) {
                boolean write = (guest.attributes() & TABLE_WRITE) != 0;
                text.append(write ? ", on an update of a table" : ", on the walk of a table");
            }
        }
        if (type >= 0) {
            text.append(", ").append(TransactionType.meaning(type));
        }
        if (type == TransactionType.MESSAGE) {
            text.append(" 0x").append(Long.toHexString(fault.raw(2)));
        }
        return text.append(" (cause ").append(fault.code()).append(')').toString();
    }

    @Override
    public String explain(String why, long dw0, long dw1, long dw2, long dw3) {
        return why.equals(CAUSE_ZERO)
                ? "cause 0 is reserved (RISC-V IOMMU, Fault/Event-Queue): an entry that was never"
                        + " written, or nothing to report"
                : RecordDecoder.super.explain(why, dw0, dw1, dw2, dw3);
    }

    @Override
    public QueueState state(long producer, long consumer, int slots) {
        return QueueIndexes.state(producer, consumer, slots);
    }
}
