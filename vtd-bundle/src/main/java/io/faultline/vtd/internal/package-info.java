/**
 * The driver of Intel VT-d: fault recording registers, the page request queue, kernel log lines,
 * page group responses.
 *
 * <p>Decides nothing: what becomes of a fault is said by the handlers of the chain.
 */
package io.faultline.vtd.internal;
