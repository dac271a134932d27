/**
 * What a running platform shows of itself: chains, units, decoders, counters, the last faults,
 * health. The dispatcher provides it as one service; shells, pages and metrics read it.
 *
 * <p>Everything is a snapshot: immutable, and no reference to any plug-in.
 */
@Export
@Version("1.0.0")
package io.faultline.platform;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
