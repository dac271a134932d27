package io.faultline.qemu.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * QEMU's {@code q35} with VT-d in legacy mode. One device has no context entry. A model that can
 * take page requests gets the options for it.
 *
 * <p>Source: Intel VT-d, "Root Table Entry", "Context Entry", "Second-Stage Paging Entries"; PCI
 * Local Bus 3.0, 3.2.2.3.2; QEMU, hw/i386/intel_iommu.c.
 */
final class Q35Machine implements Machine {
    static final String WORD = "vtd";

    private static final long UNIT = 0xfed9_0000L;
    private static final long PCI_MEMORY = 0xe000_0000L;
    private static final int CONFIG_ADDRESS = 0xcf8;
    private static final int CONFIG_DATA = 0xcfc;
    private static final int CONFIG_ENABLE = 1 << 31;

    private static final int NO_CONTEXT = 3;

    private static final long ROOT_TABLE = 0x10_0000;
    private static final long CONTEXTS = 0x11_0000;
    private static final long PAGE_TABLES = 0x12_0000;
    private static final long DATA = 0x100_0000;
    private static final int CONTEXT_BYTES = 16;
    private static final long PRESENT = 1;
    private static final long ADDRESS_WIDTH_48 = 2;
    private static final int DOMAIN_SHIFT = 8;
    private static final long READ_WRITE = 3;
    private static final long WRITE = 2;

    private static final long GCMD = 0x18;
    private static final long GSTS = 0x1c;
    private static final long RTADDR = 0x20;
    private static final int SET_ROOT = 1 << 30;
    private static final int TRANSLATE = 1 << 31;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long HELP_SECONDS = 5;

    private static final String UNIT_OPTIONS = "intel-iommu,intremap=off,aw-bits=48";
    private static final String PAGE_REQUEST_OPTIONS =
            ",scalable-mode=on,fsts=on,svm=on,device-iotlb=on,pasid-bits=20";
    private static final List<String> PAGE_REQUEST_PROPERTIES =
            List.of("  scalable-mode=", "  fsts=", "  svm=", "  device-iotlb=", "  pasid-bits=");

    @Override
    public String arch() {
        return "vtd";
    }

    @Override
    public String program() {
        return "qemu-system-x86_64";
    }

    @Override
    public String debianPackage() {
        return "qemu-system-x86";
    }

    @Override
    public long ramBase() {
        return 0;
    }

    @Override
    public List<String> arguments(String program) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-M",
                                "q35,memory-backend=ram",
                                "-device",
                                takesPageRequests(program)
                                        ? UNIT_OPTIONS + PAGE_REQUEST_OPTIONS
                                        : UNIT_OPTIONS));
        slots().forEach(slot -> arguments.addAll(List.of("-device", slot.option())));
        return arguments;
    }

    /** Asks the program which properties its model has. */
    private static boolean takesPageRequests(String program) {
        try {
            Process process =
                    new ProcessBuilder(program, "-device", "intel-iommu,help")
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(HELP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly(); // it hangs, or says more than a pipe holds
                return false;
            }
            String help =
                    new String(
                            process.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8);
            return PAGE_REQUEST_PROPERTIES.stream().allMatch(help::contains);
        } catch (IOException e) {
            return false; // the start of the machine says it better
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public List<Slot> slots() {
        return List.of(
                new Slot(NO_CONTEXT, Slot.EDU, "it has no context entry"),
                new Slot(4, Slot.EDU, ""),
                new Slot(5, Slot.EDU, ""),
                new Slot(6, Slot.HDA, ""),
                new Slot(7, Slot.AHCI, "257 writes at a time"));
    }

    @Override
    public long registers() {
        return UNIT;
    }

    /** Its interrupts are messages, which nobody can intercept. */
    @Override
    public Map<String, Integer> interruptLines() {
        return Map.of();
    }

    @Override
    public String interruptController() {
        return null;
    }

    @Override
    public Map<String, String> quirks() {
        return Map.of();
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
                return qtest.portWriteRead(CONFIG_ADDRESS, at(requester, offset), CONFIG_DATA);
            }

            @Override
            public void write(int requester, int offset, int value) {
                qtest.portWrites(CONFIG_ADDRESS, at(requester, offset), CONFIG_DATA, value);
            }

            private static int at(int requester, int offset) {
                return CONFIG_ENABLE | requester << 8 | offset;
            }
        };
    }

    @Override
    public void setUp(Qtest qtest, GuestRam ram) {
        PageTables.put(
                ram,
                PAGE_TABLES,
                table -> table | READ_WRITE,
                page -> (DATA + page * PAGE_BYTES) | READ_WRITE,
                WRITE);
        ram.put(ROOT_TABLE, CONTEXTS | PRESENT, 0);
        for (Slot slot : slots()) {
            if (slot.device() != NO_CONTEXT) {
                ram.put(
                        CONTEXTS + (long) slot.requester() * CONTEXT_BYTES,
                        PAGE_TABLES | PRESENT,
                        ADDRESS_WIDTH_48 | (long) slot.device() << DOMAIN_SHIFT);
            }
        }
        qtest.write64(UNIT + RTADDR, ROOT_TABLE);
        command(qtest, SET_ROOT);
        command(qtest, TRANSLATE);
    }

    private static void command(Qtest qtest, int bit) {
        qtest.write32(UNIT + GCMD, bit);
        long since = System.nanoTime();
        while ((qtest.read32(UNIT + GSTS) & bit) == 0) {
            if (System.nanoTime() - since > LIMIT_NANOS) {
                throw new IllegalStateException(
                        "GSTS=0x%x does not acknowledge GCMD=0x%x within a second"
                                .formatted(qtest.read32(UNIT + GSTS), bit));
            }
            Thread.onSpinWait();
        }
    }
}
