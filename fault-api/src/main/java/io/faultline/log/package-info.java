/**
 * Kernel logs: the decoders of an architecture's lines, the scanner that finds those lines, and the
 * sources that tell the platform what a log says. All faults from here are observed (R18).
 *
 * <p>No line format is in here: prefixes are the scanner's, message texts the decoders'.
 */
@Export
@Version("1.0.0")
package io.faultline.log;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
