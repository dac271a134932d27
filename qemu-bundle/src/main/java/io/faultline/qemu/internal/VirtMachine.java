package io.faultline.qemu.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * QEMU's {@code virt} with an SMMUv3: the stream table has 64 entries, so a device behind them has
 * a bad StreamID; of the others one has no valid entry and one no valid context descriptor.
 *
 * <p>Source: Arm IHI 0070, 5.2, 5.4, 6.3; Arm DDI 0487, D8.3; QEMU, hw/arm/virt.c.
 */
final class VirtMachine implements Machine {
    static final String WORD = "smmuv3";

    private static final long RAM = 0x4000_0000L;
    private static final long SMMU = 0x0905_0000L;
    private static final long CONFIGURATION_SPACE = 0x40_1000_0000L;
    private static final long PCI_MEMORY = 0x1000_0000L;

    private static final int BAD_STREAM_ENTRY = 3;
    private static final int BAD_CONTEXT = 4;
    private static final int BAD_STREAM = 8;

    private static final int STREAMS_LOG2 = 6;
    private static final long STREAM_TABLE = RAM + 0x10_0000;
    private static final long CONTEXTS = RAM + 0x11_0000;
    private static final long PAGE_TABLES = RAM + 0x12_0000;
    private static final long DATA = RAM + 0x100_0000;
    private static final int ENTRY_BYTES = 64;

    /** STE: valid, stage 1 translates. */
    private static final long STREAM_ENTRY = 1 | 5 << 1;

    /** CD: T0SZ 16 (48 bits), EPD1, IPS 44 bits, AA64, R, A, ASET; not valid. */
    private static final long CONTEXT =
            16 | 1L << 30 | 4L << 32 | 1L << 41 | 1L << 45 | 1L << 46 | 1L << 47;

    private static final long CONTEXT_VALID = 1L << 31;
    private static final int CONTEXT_ASID_SHIFT = 48;

    /** A descriptor of a table or a page; of a page with the access flag, inner shareable. */
    private static final long DESCRIPTOR = 3;

    private static final long PAGE = DESCRIPTOR | 3 << 8 | 1 << 10;
    private static final long UNPRIVILEGED = 1 << 6;
    private static final long READ_ONLY = 1 << 7;

    private static final long CR0 = 0x20;
    private static final long CR1 = 0x28;
    private static final long STRTAB_BASE = 0x80;
    private static final long STRTAB_BASE_CFG = 0x88;
    private static final int CACHEABLE = 0xd75;
    private static final int SMMUEN = 1;

    @Override
    public String arch() {
        return "smmuv3";
    }

    @Override
    public String program() {
        return "qemu-system-aarch64";
    }

    @Override
    public String debianPackage() {
        return "qemu-system-arm";
    }

    @Override
    public long ramBase() {
        return RAM;
    }

    @Override
    public List<String> arguments(String program) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-M",
                                "virt,iommu=smmuv3,gic-version=3,memory-backend=ram",
                                "-cpu",
                                "cortex-a57"));
        slots().forEach(slot -> arguments.addAll(List.of("-device", slot.option())));
        return arguments;
    }

    @Override
    public List<Slot> slots() {
        return List.of(
                new Slot(BAD_STREAM_ENTRY, Slot.EDU, "its stream table entry is not valid"),
                new Slot(BAD_CONTEXT, Slot.EDU, "its context descriptor is not valid"),
                new Slot(5, Slot.EDU, ""),
                new Slot(6, Slot.HDA, ""),
                new Slot(7, Slot.AHCI, "257 writes at a time"),
                new Slot(BAD_STREAM, Slot.EDU, "the stream table ends before it"));
    }

    @Override
    public long registers() {
        return SMMU;
    }

    @Override
    public Map<String, Integer> interruptLines() {
        return Map.of("evtq", 74, "priq", 75, "gerror", 77);
    }

    @Override
    public String interruptController() {
        return "/machine/unattached/device[1]"; // the GIC: device[0] is the CPU
    }

    @Override
    public Map<String, String> quirks() {
        return Map.of("quirk.full.aborts", "true");
    }

    @Override
    public long bars() {
        return PCI_MEMORY;
    }

    @Override
    public Pci pci(Qtest qtest) {
        return new Pci() {
            @Override
            public int read(int requester, int offset) {
                return qtest.read32(at(requester, offset));
            }

            @Override
            public void write(int requester, int offset, int value) {
                qtest.write32(at(requester, offset), value);
            }

            private static long at(int requester, int offset) {
                return CONFIGURATION_SPACE + ((long) requester << 12) + offset;
            }
        };
    }

    @Override
    public void setUp(Qtest qtest, GuestRam ram) {
        putPages(ram);
        for (Slot slot : slots()) {
            int device = slot.device();
            if (device != BAD_STREAM && device != BAD_STREAM_ENTRY) {
                long context = CONTEXTS + (long) device * ENTRY_BYTES;
                long valid = device == BAD_CONTEXT ? 0 : CONTEXT_VALID;
                long asid = (long) device << CONTEXT_ASID_SHIFT;
                ram.put(context, CONTEXT | valid | asid, PAGE_TABLES);
                ram.put(
                        STREAM_TABLE + (long) slot.requester() * ENTRY_BYTES,
                        STREAM_ENTRY | context);
            }
        }
        qtest.write32(SMMU + CR0, 0);
        qtest.write32(SMMU + CR1, CACHEABLE);
        qtest.write32(SMMU + STRTAB_BASE_CFG, STREAMS_LOG2);
        qtest.write64(SMMU + STRTAB_BASE, STREAM_TABLE);
        qtest.write32(SMMU + CR0, SMMUEN);
        qtest.flush();
    }

    private static void putPages(GuestRam ram) {
        PageTables.put(
                ram,
                PAGE_TABLES,
                table -> table | DESCRIPTOR,
                page -> (DATA + page * PAGE_BYTES) | PAGE | UNPRIVILEGED,
                READ_ONLY);
    }
}
