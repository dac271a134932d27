/**
 * What the author of a handler or a decoder needs to write a unit test without a framework: a
 * builder for faults, a unit and a handler that record what happened to them, a ticker that moves
 * by hand and a lane that runs one step at a time.
 *
 * <p>Nothing here starts a thread, reads a clock or opens a file.
 */
package io.faultline.testkit;
