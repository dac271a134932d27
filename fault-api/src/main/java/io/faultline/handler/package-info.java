/**
 * Taking part in the handling of faults: handlers, their verdicts, deferrals and notices. A plug-in
 * implements {@link io.faultline.handler.FaultHandler} and registers it as a service; the platform
 * implements the rest.
 *
 * <p>Whoever only watches uses a tap ({@code io.faultline.queue}) instead.
 */
@Export
@Version("1.0.0")
package io.faultline.handler;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
