package io.faultline.launcher;

import java.util.Map;

/** A command of the program that a bundle carries out. */
interface BundleCommand {
    /** The name under which a bundle offers it. */
    String service();

    /** What the options say. */
    Map<String, Object> arguments();
}
