/**
 * The driver of Intel VT-d: fault recording registers, the page request queue, kernel log lines,
 * page group responses.
 *
 * <p>A window onto a unit becomes a unit in {@link io.faultline.vtd.internal.LiveUnits}: {@link
 * io.faultline.vtd.internal.FaultRegisters} and {@link io.faultline.vtd.internal.PageRequestRing}
 * are its queues, {@link io.faultline.vtd.internal.InvalidationRing} takes responses.
 *
 * <p>Decides nothing: what becomes of a fault is said by the handlers of the chain.
 */
package io.faultline.vtd.internal;
