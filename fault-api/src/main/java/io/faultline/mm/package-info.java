/**
 * Address spaces: what page requests are resolved against. A provider registers {@link
 * io.faultline.mm.AddressSpaces}; io-pgfault asks it. Or it is left to {@link
 * io.faultline.mm.SpaceControl} to make a modelled or a mapped space.
 *
 * <p>Nothing here answers hardware.
 */
@Export
@Version("1.0.0")
package io.faultline.mm;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
