package io.faultline.smmuv3.internal;

import io.faultline.live.WindowSettings;

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

    private static final int RECORDS_LOG2 = 10;
    private static final int COMMANDS_LOG2 = 8;

    /**
     * Reads the settings of a window.
     *
     * @throws IllegalArgumentException names key, value and range
     */
    static UnitSettings of(WindowSettings settings, int idr1) {
        int events = QueueLayout.EVENT.log2SizeMax(idr1);
        int requests = QueueLayout.PRI.log2SizeMax(idr1);
        int commands = QueueLayout.COMMAND.log2SizeMax(idr1);
        return new UnitSettings(
                log2(settings, EVENT_LOG2, RECORDS_LOG2, events),
                log2(settings, PRI_LOG2, RECORDS_LOG2, requests),
                log2(settings, COMMAND_LOG2, COMMANDS_LOG2, commands),
                settings.flag(FULL_ABORTS),
                settings.pollNanos());
    }

    private static int log2(WindowSettings settings, String key, int preset, int most) {
        return settings.number(key, Math.min(preset, most), 0, most);
    }
}
