/**
 * What a running platform shows of itself: chains, units, decoders, counters, the last faults,
 * health; and what can be done with a device ({@link io.faultline.platform.DeviceControl}). The
 * dispatcher provides each as one service; shells, pages and metrics read, owners of devices act.
 *
 * <p>What is shown is a snapshot: immutable, and no reference to any plug-in.
 */
@Export
@Version("1.0.0")
package io.faultline.platform;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
