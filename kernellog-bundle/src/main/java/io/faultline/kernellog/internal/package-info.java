/**
 * A source: takes the kernel's log from /dev/kmsg, from files and from standard input apart into
 * lines, and offers each line to the line decoders that wait for one of its literals.
 *
 * <p>Understands the frame around a line (time, priority, continuation), never the line itself.
 */
package io.faultline.kernellog.internal;
