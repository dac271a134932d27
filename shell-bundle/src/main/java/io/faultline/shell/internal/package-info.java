/**
 * Commands for the Gogo shell that show what is going on inside: the chain for each kind and
 * device, units, devices, decoders, the last faults.
 *
 * <p>{@link io.faultline.shell.internal.PlatformCommands} prints what {@link
 * io.faultline.shell.internal.PlatformText} makes of the platform's snapshots. {@link
 * io.faultline.shell.internal.Diagnostics} finds what OSGi keeps to itself and logs it; {@link
 * io.faultline.shell.internal.BundleCommands} says it again when asked. {@link
 * io.faultline.shell.internal.ExecCommand} and {@link io.faultline.shell.internal.CheckCommand} are
 * for the program that starts all this. Argument completion is in {@code etc/gosh_profile} of the
 * distribution, and asks {@link io.faultline.shell.internal.CompletionCommand}.
 *
 * <p>Shows and asks; every change is made by the service that owns what is changed.
 */
package io.faultline.shell.internal;
