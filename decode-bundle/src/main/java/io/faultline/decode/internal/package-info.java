/**
 * The commands that read and leave: faults out of logs and queue dumps as tables or lines of JSON,
 * and responses as the bytes of an architecture.
 *
 * <p>Decoders are found as services, so that a decoder bundle in the deploy folder works here as
 * well.
 */
package io.faultline.decode.internal;
