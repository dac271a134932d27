/**
 * Faults into user space: a Unix socket that any VMM can speak; {@code docs/guest-protocol.md}
 * specifies it.
 *
 * <p>{@link io.faultline.guest.internal.GuestServer} accepts; a {@link
 * io.faultline.guest.internal.Connection} reads and writes frames; a {@link
 * io.faultline.guest.internal.Session} has what is negotiated and counted and outlives a broken
 * connection; a {@link io.faultline.guest.internal.Claim} is the handler of one device that was
 * handed over; {@link io.faultline.guest.internal.RawUnit} is a unit whose hardware is the client.
 */
package io.faultline.guest.internal;
