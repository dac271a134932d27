/**
 * Faults and what they name: units, requesters, access, reasons, responses. Every type is immutable
 * and safe for any thread.
 *
 * <p>A decoder tells a {@code FaultSink} what a record says, the platform makes a fault of it, a
 * handler reads it. Nothing in this package calls anything.
 */
@Export
@Version("1.0.0")
package io.faultline.fault;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
