package io.faultline.dispatcher.internal;

import io.faultline.amdvi.internal.CompletePprRequest;
import io.faultline.amdvi.internal.EventRecord;
import io.faultline.amdvi.internal.PprRecord;
import io.faultline.fault.Response;
import io.faultline.handler.Verdict;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import io.faultline.riscv.internal.FaultRecord;
import io.faultline.riscv.internal.PageRequestRecord;
import io.faultline.smmuv3.internal.EventDecoder;
import io.faultline.smmuv3.internal.PriDecoder;
import io.faultline.smmuv3.internal.ResponseCommands;
import io.faultline.virtio.internal.FaultEvent;
import io.faultline.vtd.internal.PageGroupResponse;
import io.faultline.vtd.internal.PageRequestDescriptor;
import io.faultline.vtd.internal.RecordingRegister;
import java.nio.ByteBuffer;

/**
 * The kinds of records, each with the decoder that ships and some typical records: writes of
 * sixteen devices to pages in turn.
 */
public enum RecordKind {
    /** SMMUv3, F_TRANSLATION of a write (Arm IHI 0070, 7.3). */
    SMMUV3_EVENT("smmuv3", "evtq", new EventDecoder(), null) {
        @Override
        void write(ByteBuffer memory, int at, long device, long page) {
            memory.putLong(at, 0x10 | device << 32);
            memory.putLong(at + 8, 0x200_0000_0000L);
            memory.putLong(at + 16, page << 12);
            memory.putLong(at + 24, 0);
        }
    },
    /** SMMUv3, a page request, the last of its group (Arm IHI 0070, 8.1). */
    SMMUV3_PAGE_REQUEST("smmuv3", "priq", new PriDecoder(), new ResponseCommands()) {
        @Override
        void write(ByteBuffer memory, int at, long device, long page) {
            memory.putLong(at, 0xfL << 60 | 1L << 32 | device);
            memory.putLong(at + 8, page << 12 | (page & 0x1ff));
        }
    },
    /** VT-d, a fault recording register: reason 5, a write without right. */
    VTD_FAULT("vtd", "frcd", new RecordingRegister(), null) {
        @Override
        void write(ByteBuffer memory, int at, long device, long page) {
            memory.putLong(at, page << 12);
            memory.putLong(at + 8, 1L << 63 | 5L << 32 | device);
        }
    },
    /** VT-d, a page request descriptor, the last of its group. */
    VTD_PAGE_REQUEST("vtd", "prq", new PageRequestDescriptor(), new PageGroupResponse()) {
        @Override
        void write(ByteBuffer memory, int at, long device, long page) {
            memory.putLong(at, 1 | 1 << 8 | device << 16 | 1L << 32);
            memory.putLong(at + 8, page << 12 | (page & 0x1ff) << 3 | 0x7);
            memory.putLong(at + 16, 0);
            memory.putLong(at + 24, 0);
        }
    },
    /** AMD-Vi, IO_PAGE_FAULT of a write. */
    AMD_EVENT("amdvi", "event", new EventRecord(), null) {
        @Override
        void write(ByteBuffer memory, int at, long device, long page) {
            memory.putLong(at, 2L << 60 | 0x20L << 48 | 1L << 32 | device);
            memory.putLong(at + 8, page << 12);
        }
    },
    /** AMD-Vi, a peripheral page request, the last of its group. */
    AMD_PAGE_REQUEST("amdvi", "ppr", new PprRecord(), new CompletePprRequest()) {
        @Override
        void write(ByteBuffer memory, int at, long device, long page) {
            long tag = 1L << 41 | (page & 0x1ff) << 32;
            memory.putLong(at, 1L << 60 | 0x124L << 48 | tag | 1L << 16 | device);
            memory.putLong(at + 8, page << 12);
        }
    },
    /** RISC-V, cause 15, a page fault of a write. */
    RISCV_FAULT("riscv", "fq", new FaultRecord(), null) {
        @Override
        void write(ByteBuffer memory, int at, long device, long page) {
            memory.putLong(at, 15 | 3L << 34 | device << 40);
            memory.putLong(at + 8, 0);
            memory.putLong(at + 16, page << 12);
            memory.putLong(at + 24, 0);
        }
    },
    /** RISC-V, a page request, the last of its group. */
    RISCV_PAGE_REQUEST(
            "riscv",
            "pq",
            new PageRequestRecord(),
            new io.faultline.riscv.internal.PageGroupResponse()) {
        @Override
        void write(ByteBuffer memory, int at, long device, long page) {
            memory.putLong(at, 1L << 32 | 1L << 12 | device << 40);
            memory.putLong(at + 8, page << 12 | (page & 0x1ff) << 3 | 0x7);
        }
    },
    /** Virtio, a fault without a mapping. */
    VIRTIO_FAULT("virtio", "fault", new FaultEvent(), null) {
        @Override
        void write(ByteBuffer memory, int at, long device, long page) {
            memory.putLong(at, 2 | 0x102L << 32);
            memory.putLong(at + 8, device);
            memory.putLong(at + 16, page << 12);
        }
    };

    private static final int DEVICES = 16;
    private static final int FIRST_DEVICE = 0x100;
    private static final int FIRST_PAGE = 0x9_0000;

    final String arch;
    final String queue;

    @SuppressWarnings("ImmutableEnumChecker") // keeps no state between records (R5)
    final RecordDecoder decoder;

    /** Null if no answer is expected. */
    @SuppressWarnings("ImmutableEnumChecker") // keeps no state
    final ResponseEncoder encoder;

    RecordKind(String arch, String queue, RecordDecoder decoder, ResponseEncoder encoder) {
        this.arch = arch;
        this.queue = queue;
        this.decoder = decoder;
        this.encoder = encoder;
    }

    /** Writes record number i. */
    final void write(ByteBuffer memory, int at, int i) {
        write(memory, at, FIRST_DEVICE + i % DEVICES, FIRST_PAGE + i);
    }

    abstract void write(ByteBuffer memory, int at, long device, long page);

    /** What a handler says that deals with such a fault. */
    final Verdict handled() {
        return encoder == null ? Verdict.HANDLED : Verdict.handled(Response.SUCCESS);
    }

    /** The word of {@code faultline.handler.kinds}. */
    final String kind() {
        return encoder == null ? "unrecoverable" : "page_request";
    }
}
