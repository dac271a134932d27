package io.faultline.driverlogs.internal;

import static io.faultline.driverlogs.internal.Field.Kind.ACCESS;
import static io.faultline.driverlogs.internal.Field.Kind.ADDRESS;
import static io.faultline.driverlogs.internal.Field.Kind.HEX;
import static io.faultline.driverlogs.internal.Field.Kind.NUMBER;
import static io.faultline.driverlogs.internal.Field.Kind.PHRASE;
import static io.faultline.driverlogs.internal.Field.Kind.STREAM;
import static io.faultline.driverlogs.internal.Field.Kind.STREAM_HEX;
import static io.faultline.driverlogs.internal.Field.Kind.WORD;
import static io.faultline.driverlogs.internal.Field.Kind.WRITE_FLAG;

import io.faultline.fault.Reason;
import java.util.List;

/** The forms of line that stand for themselves, driver by driver: the table of this bundle. */
final class Forms {
    private static final String ROCKCHIP = "rockchip";
    private static final String EXYNOS = "exynos";
    private static final String ADRENO = "adreno";
    private static final String S390 = "s390";

    /** How the faults of an Exynos System MMU are called, and what they are. */
    private enum SysmmuFault {
        PAGE("PAGE", Reason.PAGE_FAULT),
        MULTI_HIT("MULTI-HIT", Reason.CONFLICT),
        SECURITY("SECURITY PROTECTION", Reason.MEMORY_PROTECTION),
        ACCESS("ACCESS PROTECTION", Reason.PERMISSION),
        BUS("BUS ERROR", Reason.ACCESS_FAULT);

        private final String word;
        private final Reason reason;

        SysmmuFault(String word, Reason reason) {
            this.word = word;
            this.reason = reason;
        }

        /** The fault whose name ends at a place; null if none does. */
        static SysmmuFault before(String text, int end) {
            for (SysmmuFault fault : values()) {
                if (text.startsWith(fault.word, end - fault.word.length())) {
                    return fault;
                }
            }
            return null;
        }
    }

    static final List<Form> ALL =
            List.of(
                    Form.fault(ContextFault.ARCH, "Unhandled context fault:")
                            .driver("iommu")
                            .perhaps(HEX, "fsr", "fsr=0x")
                            .with(ADDRESS, null, "iova=0x")
                            .perhaps(HEX, "fsynr", "fsynr=0x")
                            .perhaps(HEX, "fsynr", "fsynr0=0x") // Qualcomm's own kernels
                            .perhaps(HEX, "cbfrsynra", "cbfrsynra=0x")
                            .with(NUMBER, "cb", "cb=")
                            .meaning(Forms::contextFault),
                    Form.detail(ContextFault.ARCH, "FSR    = ")
                            .with(HEX, "fsr", "fsr =")
                            .perhaps(STREAM_HEX, null, "sid=0x")
                            .meaning(Forms::hasFlags),
                    Form.detail(ContextFault.ARCH, "FSYNR0 = ")
                            .with(HEX, "fsynr", "fsynr0 =")
                            .meaning(Forms::hasFlags),
                    Form.detail(ContextFault.ARCH, "soft iova-to-phys"),
                    Form.detail(ContextFault.ARCH, "hard iova-to-phys"),
                    Form.detail(ContextFault.ARCH, "SOFTWARE TABLE WALK FAILED"),
                    Form.fault(ADRENO, "*** gpu fault:")
                            .perhaps(HEX, "ttbr0", "ttbr0=")
                            .with(ADDRESS, null, "iova=")
                            .perhaps(ACCESS, null, "dir=")
                            .perhaps(WRITE_FLAG, null, "flags=")
                            .perhaps(WORD, "type", "type=")
                            .perhaps(WORD, "source", "source=")
                            .perhaps(PHRASE, "scratch", "(")
                            .meaning(Forms::gpuFault),
                    Form.fault(ADRENO, "*** fault: iova=")
                            .with(ADDRESS, null, "iova=")
                            .with(WRITE_FLAG, null, "flags="),
                    Form.fault(ROCKCHIP, "Page fault at 0x")
                            .driver("rk_iommu")
                            .with(ADDRESS, null, "page fault at")
                            .with(ACCESS, null, "of type")
                            .meaning(because(Reason.PAGE_FAULT)),
                    Form.detail(ROCKCHIP, "iova = 0x")
                            .with(ADDRESS, null, "iova =")
                            .with(HEX, "dte_index", "dte_index:")
                            .perhaps(HEX, "pte_index", "pte_index:")
                            .perhaps(HEX, "page_offset", "page_offset:"),
                    Form.detail(ROCKCHIP, "mmu_dte_addr: ").with(WORD, "dte", "dte@"),
                    Form.detail(ROCKCHIP, "Page fault while iommu not attached to"),
                    Form.fault(EXYNOS, " FAULT occurred at 0x")
                            .driver("sysmmu")
                            .with(ADDRESS, null, "occurred at")
                            .meaning(Forms::sysmmuFault),
                    Form.fault(EXYNOS, " ERROR occurred at 0x")
                            .driver("sysmmu")
                            .with(ADDRESS, null, "occurred at")
                            .meaning(Forms::sysmmuFault),
                    Form.detail(EXYNOS, "Unrecoverable System MMU Fault!"),
                    Form.fault("mediatek", "fault type=0x")
                            .driver("iommu")
                            .with(HEX, "fault_type", "type=")
                            .with(ADDRESS, null, "iova=")
                            .perhaps(HEX, "pa", "pa=")
                            .perhaps(HEX, "master", "master=")
                            .perhaps(NUMBER, "larb", "larb=")
                            .perhaps(NUMBER, "port", "port=")
                            .with(NUMBER, "layer", "layer=")
                            .meaning(Forms::lastWordIsAccess),
                    Form.fault("allwinner", "Page fault for 0x")
                            .driver("iommu")
                            .with(ADDRESS, null, "page fault for")
                            .with(STREAM, null, "(master")
                            .with(ACCESS, null, "dir ")
                            .meaning(because(Reason.PAGE_FAULT)),
                    Form.fault("renesas", "Unhandled fault: status 0x")
                            .driver("mmu")
                            .with(HEX, "status", "status")
                            .with(ADDRESS, null, "iova")
                            .meaning(Forms::ipmmuFault),
                    Form.fault("dart", "translation fault: status:")
                            .driver("dart")
                            .with(HEX, "status", "status:")
                            .with(STREAM, null, "stream:")
                            .with(HEX, "code", "code:")
                            .with(PHRASE, "event", "(")
                            .with(ADDRESS, null, "at 0x")
                            .meaning(Forms::dartFault),
                    Form.fault("omap", ": errs:0x")
                            .driver("mmu")
                            .with(HEX, "errs", "errs:")
                            .with(ADDRESS, null, "da:")
                            .meaning(Forms::omapFault),
                    Form.fault("tegra", "read @0x")
                            .driver("tegra-mc")
                            .with(ADDRESS, null, "@")
                            .meaning(Forms::memoryControllerFault),
                    Form.fault("tegra", "write @0x")
                            .driver("tegra-mc")
                            .with(ADDRESS, null, "@")
                            .meaning(Forms::memoryControllerFault),
                    Form.status(S390, "reports an error for PCI function").meaning(Forms::isOfZpci),
                    Form.status(S390, "reconfigured PCI function").meaning(Forms::isOfZpci),
                    Form.status(S390, "event code 0x").meaning(Forms::isOfZpci));

    private Forms() {}

    private static Form.Meaning because(Reason reason) {
        return (text, at, values, told) -> {
            told.reason(reason);
            return true;
        };
    }

    private static boolean contextFault(String text, int at, Values values, Told told) {
        ContextFault.describe(values, told);
        if (!told.hasAccess()) {
            told.truncated();
        }
        return true;
    }

    /** Registers are printed with their bits in brackets; other drivers have an FSR, too. */
    private static boolean hasFlags(String text, int at, Values values, Told told) {
        return text.indexOf('[', at) >= 0;
    }

    private static boolean gpuFault(String text, int at, Values values, Told told) {
        String type = values.word("type");
        told.reason(
                type.startsWith("TRANS")
                        ? Reason.NOT_PRESENT
                        : type.startsWith("PERM")
                                ? Reason.PERMISSION
                                : type.startsWith("EXT") ? Reason.WALK_FETCH : Reason.UNKNOWN);
        if (!told.hasAccess()) {
            told.truncated();
        }
        return true;
    }

    /**
     * {@code 14830000.decon: [READ] PAGE FAULT occurred at 0x...}; before about 4.6 {@code PAGE
     * FAULT occurred at 0x... by 14830000.decon}, or with AR or AW before a name for the access.
     */
    private static boolean sysmmuFault(String text, int at, Values values, Told told) {
        int nameEnd = text.startsWith(" ERROR", at) ? at + " ERROR".length() : at;
        SysmmuFault fault = SysmmuFault.before(text, nameEnd);
        if (fault == null) {
            return false;
        }
        told.reason(fault.reason).text("event", fault.word);
        int name = nameEnd - fault.word.length();
        int open = text.lastIndexOf('[', name);
        int start = open;
        if (open >= 0 && text.startsWith("] ", name - 2)) {
            told.access(Field.accessOf(text, open + 1));
        } else {
            start = name;
            if (text.startsWith("AR ", name - 3) || text.startsWith("AW ", name - 3)) {
                start -= 3;
                told.access(Field.accessOf(text, name - 2));
            }
        }
        speakers(text, start, told);
        int by = text.indexOf(" by ", at) + " by ".length();
        if (by > at) {
            told.device(text.substring(by, Text.endOfWord(text, by)));
        }
        return true;
    }

    /** Before the message stand the unit and then the device; or the unit alone. */
    private static void speakers(String text, int message, Told told) {
        int device = Text.speaker(text, message);
        String unit = device < 0 ? null : Text.speakerName(text, device);
        String name = Text.speakerName(text, message);
        if (unit == null) {
            told.unit(name);
        } else {
            told.unit(unit).device(name);
        }
    }

    /** {@code ... layer=0 read}. */
    private static boolean lastWordIsAccess(String text, int at, Values values, Told told) {
        int word = Text.skipBlanks(text, text.lastIndexOf(' ') + 1);
        if (word > Text.find(text, "layer=", at)) {
            told.access(Field.accessOf(text, word));
        }
        if (!told.hasAccess()) {
            told.truncated();
        }
        return true;
    }

    /** IMSTR: bit 0 translation fault, bit 1 permission fault. */
    private static boolean ipmmuFault(String text, int at, Values values, Told told) {
        long status = values.number("status");
        told.code(status);
        told.reason(
                (status & 1) != 0
                        ? Reason.NOT_PRESENT
                        : (status & 2) != 0 ? Reason.PERMISSION : Reason.UNKNOWN);
        return true;
    }

    private static boolean dartFault(String text, int at, Values values, Told told) {
        String name = values.word("event");
        if (values.has("code")) {
            told.code(values.number("code"));
        }
        if (name.startsWith("NO ")) {
            told.reason(Reason.NOT_PRESENT);
        } else if (name.equals("READ FAULT") || name.equals("WRITE FAULT")) {
            told.reason(Reason.PERMISSION).access(Field.accessOf(name, 0));
        }
        return true;
    }

    /** MMU_IRQSTATUS: TLB miss, translation fault, (emulated miss), table walk, multiple hits. */
    private static boolean omapFault(String text, int at, Values values, Told told) {
        long errors = values.number("errs");
        told.code(errors);
        told.reason(
                (errors & 1 << 1) != 0
                        ? Reason.NOT_PRESENT
                        : (errors & 1 << 3) != 0
                                ? Reason.WALK_FETCH
                                : (errors & 1 << 4) != 0 ? Reason.CONFLICT : Reason.UNKNOWN);
        int name = Text.speaker(text, at + 1);
        if (name >= 0) {
            String domain = text.substring(name, at);
            String unit = Text.speakerName(text, name);
            told.unit(unit == null ? domain : unit).text("domain", domain);
        }
        return true;
    }

    /**
     * {@code displaya: secure write @0x...: EMEM address decode error (SMMU translation error
     * [--S])}. The memory controller reports other errors in the same way; those are not about
     * translation.
     */
    private static boolean memoryControllerFault(String text, int at, Values values, Told told) {
        boolean translation = contains(text, at, "smmu ") || contains(text, at, "page fault");
        if (!translation && !contains(text, at, "emem address decode error")) {
            return false;
        }
        int message = at;
        if (text.startsWith("secure ", at - "secure ".length())) {
            message -= "secure ".length();
            told.key(keys -> keys.flag("secure", true));
        }
        if (Text.speaker(text, message) < 0) {
            return false;
        }
        speakers(text, message, told);
        told.reason(translation ? Reason.PAGE_FAULT : Reason.ACCESS_FAULT)
                .access(Field.accessOf(text, at));
        told.text("event", text.substring(text.indexOf(':', at) + 1).strip());
        return true;
    }

    private static boolean contains(String text, int from, String word) {
        return Text.find(text, word, from) >= 0;
    }

    private static boolean isOfZpci(String text, int at, Values values, Told told) {
        int name = "zpci: ".length();
        if (!text.startsWith("zpci: ")) {
            return false;
        }
        int end = Text.endOfWord(text, name);
        told.unit(null);
        if (end < at && text.charAt(end - 1) == ':') {
            told.device(text.substring(name, end - 1));
        }
        return true;
    }
}
