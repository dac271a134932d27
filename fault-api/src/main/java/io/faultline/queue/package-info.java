/**
 * Bounded queues between lanes and whoever must not slow them: taps that watch all faults, and
 * queues that a handler fills for a consumer it cannot trust to keep up. Every queue is bounded and
 * its size negotiated (R10); a full one never blocks a lane (R11).
 *
 * <p>A watcher implements {@link io.faultline.queue.FaultTap}; the platform implements the rest.
 */
@Export
@Version("1.0.0")
package io.faultline.queue;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
