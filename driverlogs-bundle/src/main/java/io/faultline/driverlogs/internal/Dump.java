package io.faultline.driverlogs.internal;

import io.faultline.fault.FaultBits;
import io.faultline.fault.TimeBase;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.List;

/**
 * A fault that takes several lines: a headline, and registers on the lines behind it. Lines of
 * others come between, and registers may be missing.
 */
final class Dump {
    /** Lines of others between two of its lines, after which no more is waited for. */
    private static final int PATIENCE = 16;

    /** The lines are printed at once; some logs have times in whole seconds only. */
    private static final long MAX_GAP_NANOS = 1_000_000_000;

    /** The kinds of dump; each register is looked for by name on any line. */
    enum Kind {
        /** Transactions that reach no context bank of an SMMUv2. */
        GLOBAL(
                ContextFault.ARCH,
                true,
                List.of("Unexpected global fault", "Blocked unknown Stream ID"),
                List.of(
                        register("gfsr", "gfsr 0x", true),
                        register("gfsynr0", "gfsynr0 0x", true),
                        register("gfsynr1", "gfsynr1 0x", true),
                        register("gfsynr2", "gfsynr2 0x", false)),
                "GFSR") {
            @Override
            void begin(String text, int at, Values values, Told told) {
                int id = Text.find(text, "unknown stream id 0x", at);
                int end = id < 0 ? id : Text.endOfHex(text, id);
                if (end >= 0) {
                    told.requester(Text.hex(text, id, end));
                }
            }

            @Override
            void describe(Values values, Told told) {
                GlobalFault.describe(values, told);
            }
        },

        /** The context faults of Qualcomm's own kernels. */
        CONTEXT(
                ContextFault.ARCH,
                true,
                List.of("Unhandled arm-smmu context fault"),
                List.of(
                        new Field(Field.Kind.ADDRESS, null, "far =", true),
                        register("fsr", "fsr =", true),
                        register("fsynr", "fsynr0 =", false),
                        new Field(Field.Kind.NUMBER, "cb", "context bank#:", false),
                        new Field(Field.Kind.STREAM_HEX, null, "sid=0x", false)),
                "Client info") {
            @Override
            void begin(String text, int at, Values values, Told told) {
                int from = text.indexOf(" from ", at) + " from ".length();
                int end = text.lastIndexOf('!');
                if (from > at && end > from) {
                    told.device(text.substring(from, end));
                }
            }

            /** {@code FSR = 0x00000402 [TF R SS ]} tells the access, too. */
            @Override
            void add(String text, Values values, Told told) {
                accessInFlags(text, told);
            }

            @Override
            void describe(Values values, Told told) {
                ContextFault.describe(values, told);
            }
        },

        /** The first IOMMUs of Qualcomm: no device is named, nor the unit but by its registers. */
        MSM(
                "msm",
                false,
                List.of("Unexpected IOMMU page fault!", "Fault occurred in context"),
                List.of(
                        new Field(Field.Kind.HEX, "base", "base =", false),
                        new Field(Field.Kind.NUMBER, "cb", "fault occurred in context", false),
                        new Field(Field.Kind.ADDRESS, null, "far =", true),
                        register("fsr", "fsr =", true),
                        register("fsynr", "fsynr0 =", true)),
                "FSYNR0") {
            /** Of its FSYNR0 only that a set bit 4 is a write is like the SMMU's. */
            @Override
            void describe(Values values, Told told) {
                ContextFault.describe(values, told);
            }
        },

        /** The PAMU of Freescale's processors. */
        PAMU(
                "pamu",
                false,
                List.of("access violation interrupt"),
                List.of(
                        register("avs1", "avs1=", true),
                        register("avs2", "avs2=", false),
                        new Field(Field.Kind.ADDRESS, null, "ava=", true)),
                "AVA=") {
            private static final int LIODN_SHIFT = 16;

            @Override
            void describe(Values values, Told told) {
                if (values.has("avs1")) {
                    told.requester(values.number("avs1") >>> LIODN_SHIFT);
                }
            }
        };

        final String arch;

        /** Whether the unit's name stands before the headline. */
        final boolean namesUnit;

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        final List<String> headlines;

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<Field> registers;

        /** What the last line of such a dump that matters has. */
        private final String last;

        Kind(
                String arch,
                boolean namesUnit,
                List<String> headlines,
                List<Field> registers,
                String last) {
            this.arch = arch;
            this.namesUnit = namesUnit;
            this.headlines = headlines;
            this.registers = registers;
            this.last = last;
        }

        private static Field register(String key, String name, boolean required) {
            return new Field(Field.Kind.HEX, key, name, required);
        }

        /** Reads what else the headline says. */
        void begin(String text, int at, Values values, Told told) {}

        /** Reads what else a line of registers says. */
        void add(String text, Values values, Told told) {}

        /** Says what all the registers mean. */
        abstract void describe(Values values, Told told);

        private static void accessInFlags(String text, Told told) {
            int open = text.indexOf('[');
            if (open >= 0 && (text.contains("TF W") || text.contains("PF W"))) {
                told.access(FaultBits.WRITE);
            } else if (open >= 0 && (text.contains("TF R") || text.contains("PF R"))) {
                told.access(FaultBits.READ);
            }
        }
    }

    private final Kind kind;
    private final String unit;
    private final LogLine first;
    private final Told told;
    private final Values values = new Values();
    private final boolean[] seen;
    private LogLine latest;
    private int patience = PATIENCE;

    /**
     * Begins with a headline, or with a line of registers whose headline is lost.
     *
     * @param at where the message begins
     */
    Dump(Kind kind, LogLine line, int at) {
        this.kind = kind;
        this.first = line;
        this.latest = line;
        this.unit = Text.speakerName(line.text(), at);
        this.told = new Told(kind.arch).unit(unit);
        this.seen = new boolean[kind.registers.size()];
        kind.begin(line.text(), at, values, told);
        readRegisters(line.text());
    }

    Kind kind() {
        return kind;
    }

    /** The unit that prints it, or null. */
    String unit() {
        return unit;
    }

    /** How many lines it may still have to wait through. */
    int patience() {
        return patience;
    }

    /** Whether it has nothing yet but its headline, or the context that the next line names. */
    boolean isBare() {
        return !seen[1] && !values.has("fsr");
    }

    /**
     * Reads a line, if it is one of this dump's.
     *
     * @return whether it is
     */
    boolean take(LogLine line) {
        if (!isSpokenByUnit(line.text()) || !readRegisters(line.text())) {
            return false;
        }
        latest = line;
        patience = PATIENCE;
        return true;
    }

    /**
     * A line that names nobody may be this unit's: the wrapped rest of one, or it lost its head.
     */
    private boolean isSpokenByUnit(String text) {
        return unit == null || text.contains(unit) || text.indexOf(": ") < 0;
    }

    private boolean readRegisters(String text) {
        boolean any = text.contains(kind.last);
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i] && kind.registers.get(i).read(text, 0, values, told) >= 0) {
                seen[i] = true;
                any = true;
            }
        }
        if (any) {
            kind.add(text, values, told);
        }
        return any;
    }

    /** Whether a line is the last one of such a dump that says anything of the fault. */
    boolean endsWith(String text) {
        return text.contains(kind.last);
    }

    /** Another line has passed; false if this dump has waited long enough. */
    boolean pass(LogLine line) {
        patience--;
        return patience > 0 && !isApart(line);
    }

    private boolean isApart(LogLine line) {
        return line.timeBase() == latest.timeBase()
                && line.timeBase() != TimeBase.NONE
                && Math.abs(line.time() - latest.time()) > MAX_GAP_NANOS;
    }

    /** Reports the fault with what has come. */
    void tell(LineSink out) {
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i] && kind.registers.get(i).required()) {
                told.truncated();
            }
        }
        kind.describe(values, told);
        told.fault(first, out);
    }
}
