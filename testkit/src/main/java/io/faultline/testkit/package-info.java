/**
 * What the author of a handler or a decoder needs to write a unit test without a framework: a
 * builder for faults, a unit and a handler that record what happened to them, a ticker that moves
 * by hand and a lane that runs one step at a time; for the driver of a live unit, a window that has
 * no hardware behind it.
 *
 * <p>{@link io.faultline.testkit.SteppedLane} is where to begin. Nothing here starts a thread or
 * waits for one.
 */
package io.faultline.testkit;
