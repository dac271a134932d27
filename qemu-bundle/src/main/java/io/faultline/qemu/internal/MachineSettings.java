package io.faultline.qemu.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What to start or attach to: one configuration of {@code io.faultline.qemu}, or the options of the
 * shell's {@code start}.
 *
 * @param machine {@code smmuv3} or {@code vtd}
 * @param name the unit's name
 * @param program the emulator: a path, or a name on the PATH
 * @param socket the qtest socket of an emulator that runs already, or null
 * @param ram the file that is that emulator's RAM, or null
 * @param limitMinutes when the emulator is ended in any case
 * @param startMillis how long it may take to come up
 * @param answerMillis how long a register access may take
 * @param interrupts whether interrupts are told to the driver, or it has to poll
 * @param driver settings for the unit's driver
 */
record MachineSettings(
        String machine,
        String name,
        String program,
        String socket,
        String ram,
        int limitMinutes,
        int startMillis,
        int answerMillis,
        boolean interrupts,
        Map<String, String> driver) {
    static final String PID = "io.faultline.qemu";

    /** What keys for the driver begin with. */
    static final String DRIVER = "driver.";

    private static final Set<String> KEYS =
            new TreeSet<>(
                    Set.of(
                            "machine",
                            "name",
                            "qemu",
                            "socket",
                            "ram",
                            "limit.minutes",
                            "start.ms",
                            "answer.ms",
                            "interrupts"));

    /**
     * Reads settings; keys of the framework are passed over.
     *
     * @throws IllegalArgumentException names key, value and what is allowed
     */
    static MachineSettings of(Map<String, ?> in) {
        Map<String, String> driver = new HashMap<>();
        for (Map.Entry<String, ?> entry : in.entrySet()) {
            String key = entry.getKey();
            if (key.startsWith(DRIVER)) {
                driver.put(key.substring(DRIVER.length()), entry.getValue().toString());
            } else if (!KEYS.contains(key) && !isOfTheFramework(key)) {
                throw bad(key, entry.getValue(), "no such key; there are " + KEYS);
            }
        }
        String machine = text(in, "machine", machineOf(text(in, "qemu", "")));
        Machine model = Machine.of(machine);
        if (model == null) {
            throw bad("machine", machine, "allowed are smmuv3 and vtd");
        }
        String socket = text(in, "socket", null);
        String ram = text(in, "ram", null);
        if ((socket == null) != (ram == null)) {
            throw bad(
                    socket == null ? "socket" : "ram",
                    "",
                    "an emulator that runs already is named by both socket and ram");
        }
        return new MachineSettings(
                machine,
                text(in, "name", "qemu-" + machine),
                text(in, "qemu", model.program()),
                socket,
                ram,
                number(in, "limit.minutes", 60, 1, 10_080),
                number(in, "start.ms", 10_000, 100, 600_000),
                number(in, "answer.ms", 5_000, 10, 600_000),
                flag(in, "interrupts", true),
                Map.copyOf(driver));
    }

    /** An emulator's name says what it emulates. */
    private static String machineOf(String program) {
        return program.endsWith("x86_64") ? Q35Machine.WORD : VirtMachine.WORD;
    }

    boolean attaches() {
        return socket != null;
    }

    /** Keys with a dot, unless they begin as ours do. */
    private static boolean isOfTheFramework(String key) {
        return key.contains(".")
                && KEYS.stream().noneMatch(ours -> key.startsWith(ours.split("\\.", -1)[0] + "."));
    }

    private static IllegalArgumentException bad(String key, Object value, String allowed) {
        return new IllegalArgumentException(PID + ": " + key + "=" + value + ": " + allowed);
    }

    private static String text(Map<String, ?> in, String key, String preset) {
        Object value = in.get(key);
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? preset : text;
    }

    private static int number(Map<String, ?> in, String key, int preset, int least, int most) {
        String value = text(in, key, null);
        if (value == null) {
            return preset;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused like a number out of range
        }
        throw bad(key, value, "allowed are " + least + " to " + most);
    }

    private static boolean flag(Map<String, ?> in, String key, boolean preset) {
        String value = text(in, key, Boolean.toString(preset));
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(key, value, "allowed are true and false");
        };
    }
}
