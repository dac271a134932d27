/**
 * Hardware as the platform sees it: units with record queues and a command port, the decoders of
 * their records, the encoders of their answers, and the window through which an arch bundle reaches
 * a live unit. An arch bundle or a source implements these types and registers them as services;
 * the dispatcher calls them.
 *
 * <p>No architecture's names or numbers are in here.
 */
@Export
@Version("1.0.0")
package io.faultline.hardware;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
