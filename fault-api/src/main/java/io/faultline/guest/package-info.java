/**
 * Guests: other processes that own devices, and models of hardware that feed records in. The
 * platform implements these types; a bundle uses them to look at guests, or to be the hardware of a
 * unit without a socket.
 */
@Export
@Version("1.0.0")
package io.faultline.guest;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
