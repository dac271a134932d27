/**
 * A source: plays recorded queue dumps and logs as if the hardware wrote them now, at the speed of
 * the recording, at a set rate or as fast as they are taken.
 *
 * <p>{@link io.faultline.replay.internal.ReplayComponent} is there once for each configuration of
 * {@code io.faultline.replay}. What a file is, {@link io.faultline.replay.internal.Recording} finds
 * out. Of a dump, {@link io.faultline.replay.internal.Dump} holds the records that are played and
 * {@link io.faultline.replay.internal.DumpQueue} hands them out when they are due; {@link
 * io.faultline.replay.internal.AnswerPort} takes what is answered. A log is read through {@link
 * io.faultline.replay.internal.PacedLog}; what it tells is only observed (R18).
 *
 * <p>A record is played as it was recorded, damage included. In a loop the same groups and stalls
 * come again each round with the same index or tag: one that is still outstanding is then withdrawn
 * or counted as duplicate, as the platform does when a device breaks that rule (R7).
 */
package io.faultline.replay.internal;
