/**
 * A source: plays recorded queue dumps and logs as if the hardware wrote them now, at the speed of
 * the recording, at a set rate or as fast as they are taken.
 *
 * <p>A record is played as it was recorded, damage included.
 */
package io.faultline.replay.internal;
