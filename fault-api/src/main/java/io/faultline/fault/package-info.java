/**
 * Faults and what they name: units, requesters, access, reasons. Every type is immutable and safe
 * for any thread.
 *
 * <p>A decoder makes faults, a handler reads them; nothing in this package calls anything.
 */
@Export
@Version("1.0.0")
package io.faultline.fault;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
