/**
 * Commands for the Gogo shell that show what is going on inside: the chain for each kind and
 * device, units, decoders, the last faults.
 *
 * <p>Shows and asks; every change is made by the service that owns what is changed.
 */
package io.faultline.shell.internal;
