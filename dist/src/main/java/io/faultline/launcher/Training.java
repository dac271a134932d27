package io.faultline.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * Does once what small inputs need, so that the JVM can archive the classes that it took ({@code
 * -XX:ArchiveClassesAtExit}). The start script runs it at the first use.
 */
public final class Training {
    private static final String LOG =
            "[    1.000000] DMAR: DRHD: handling fault status reg 2\n"
                    + "[    1.000100] DMAR: [DMA Write NO_PASID] Request device [3b:00.0] fault addr"
                    + " 0x7f000000 [fault reason 0x05] PTE Write access is not set\n"
                    + "[    2.000000] arm-smmu-v3 9050000.smmuv3: event 0x10 received:\n"
                    + "[    2.000001] arm-smmu-v3 9050000.smmuv3: \t0x0000010000000010\n"
                    + "[    2.000002] arm-smmu-v3 9050000.smmuv3: \t0x0000020000000000\n"
                    + "[    2.000003] arm-smmu-v3 9050000.smmuv3: \t0x000000090000f040\n"
                    + "[    2.000004] arm-smmu-v3 9050000.smmuv3: \t0x0000000000000000\n"
                    + "[    7.000000] dmar_fault: 26 callbacks suppressed\n";
    private static final String EVENT =
            "1000000000010000000000000002000040f00000090000000000000000000000\n";
    private static final String RESPONSE =
            "{\"to\":\"stall\",\"code\":\"SUCCESS\",\"stream\":16904,\"grpid\":499}\n";

    /** An input and what to do with it. */
    private record Lesson(String input, List<String> arguments) {
        Lesson(String input, String... arguments) {
            this(input, List.of(arguments));
        }
    }

    private static final List<Lesson> LESSONS =
            List.of(
                    new Lesson(LOG, "decode", "--format", "json"),
                    new Lesson(LOG, "decode", "--format", "table"),
                    new Lesson(EVENT, "decode", "--raw", "smmuv3:evtq", "--hex"),
                    new Lesson(RESPONSE, "encode", "smmuv3"));

    private Training() {}

    /** Carries out each kind of short command, in one framework. What they print goes nowhere. */
    public static void main(String[] args) throws IOException {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        CommandOutput out = new CommandOutput(nowhere);
        Input in = new Input();
        Surroundings surroundings = new Surroundings(in, out, nowhere, Map.of(), "", 0);
        try (CommandRun run = new CommandRun(surroundings, "training", null)) {
            for (Lesson lesson : LESSONS) {
                in.begin(lesson.input());
                CommandLine line = Main.commandLine(surroundings);
                ParseResult command =
                        line.parseArgs(lesson.arguments().toArray(String[]::new)).subcommand();
                run.carryOut((BundleCommand) command.commandSpec().userObject());
            }
        }
    }

    /** Standard input, again for each lesson. */
    private static final class Input extends InputStream {
        private InputStream text = InputStream.nullInputStream();

        void begin(String input) {
            text = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int read() throws IOException {
            return text.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return text.read(bytes, from, length);
        }

        @Override
        public int available() throws IOException {
            return text.available();
        }
    }
}
