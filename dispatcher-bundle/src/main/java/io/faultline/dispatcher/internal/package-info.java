/**
 * The core: lanes that drain hardware queues, chains of handlers, page request groups, pending
 * responses with their deadlines, taps, and the counters that add up.
 *
 * <p>Knows no architecture: how a record is read and how a response is written is the business of
 * the decoders and encoders it finds as services.
 */
package io.faultline.dispatcher.internal;
