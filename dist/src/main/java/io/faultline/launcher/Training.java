package io.faultline.launcher;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

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

    private Training() {}

    /** Runs each kind of short command. What they print goes nowhere. */
    public static void main(String[] args) {
        run(LOG, "decode", "--format", "json");
        run(LOG, "decode", "--format", "table");
        run(EVENT, "decode", "--raw", "smmuv3:evtq", "--hex", "--format", "json");
        run(RESPONSE, "encode", "smmuv3");
    }

    private static void run(String input, String... arguments) {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        CommandOutput out = new CommandOutput(OutputStream.nullOutputStream());
        PrintStream err =
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Main.run(new Surroundings(in, out, err, Map.of(), "", 0), arguments);
    }
}
