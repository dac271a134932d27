package io.faultline.live;

import io.faultline.hardware.HardwareUnit;

/** A unit whose hardware an arch bundle drives, from when it is set up until it is let go of. */
public interface DrivenUnit extends HardwareUnit {
    /**
     * Lets go of the hardware: takes no more commands, listens to no interrupt, disables what it
     * had enabled. Called once, when nobody uses queues and port any more; hardware that is gone is
     * left alone.
     *
     * @throws IllegalStateException if the hardware does not do as it is told
     */
    void close();
}
