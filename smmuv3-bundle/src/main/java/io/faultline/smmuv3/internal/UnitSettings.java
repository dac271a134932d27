package io.faultline.smmuv3.internal;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a window says about its SMMU.
 *
 * @param eventLog2 size of the event queue, if it is to be set up
 * @param priLog2 size of the PRI queue, if it is to be set up
 * @param commandLog2 size of the command queue, if it is to be set up
 * @param fullAborts a quirk of an emulated model: a full event queue raises EVENTQ_ABT_ERR, and its
 *     entries are valid
 * @param pollNanos how often registers are read where there is no interrupt
 */
record UnitSettings(
        int eventLog2, int priLog2, int commandLog2, boolean fullAborts, long pollNanos) {
    static final String EVENT_LOG2 = "evtq.log2size";
    static final String PRI_LOG2 = "priq.log2size";
    static final String COMMAND_LOG2 = "cmdq.log2size";
    static final String FULL_ABORTS = "quirk.full.aborts";
    static final String POLL_MICROS = "poll.us";

    private static final int RECORDS_LOG2 = 10;
    private static final int COMMANDS_LOG2 = 8;

    /**
     * Reads the settings of a window.
     *
     * @throws IllegalArgumentException names key, value and range
     */
    static UnitSettings of(Map<String, String> settings, int idr1) {
        int events = QueueLayout.EVENT.log2SizeMax(idr1);
        int requests = QueueLayout.PRI.log2SizeMax(idr1);
        int commands = QueueLayout.COMMAND.log2SizeMax(idr1);
        return new UnitSettings(
                number(settings, EVENT_LOG2, Math.min(RECORDS_LOG2, events), events),
                number(settings, PRI_LOG2, Math.min(RECORDS_LOG2, requests), requests),
                number(settings, COMMAND_LOG2, Math.min(COMMANDS_LOG2, commands), commands),
                flag(settings, FULL_ABORTS),
                TimeUnit.MICROSECONDS.toNanos(number(settings, POLL_MICROS, 200, 1_000_000)));
    }

    private static int number(Map<String, String> settings, String key, int preset, int most) {
        String value = settings.get(key);
        if (value == null) {
            return preset;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused like a number out of range
        }
        throw new IllegalArgumentException(
                key + "=" + value + " is out of range; allowed are 0 to " + most);
    }

    private static boolean flag(Map<String, String> settings, String key) {
        String value = settings.getOrDefault(key, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            key + "=" + value + "; allowed are true and false");
        };
    }
}
