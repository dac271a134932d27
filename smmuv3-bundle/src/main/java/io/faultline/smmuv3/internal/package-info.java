/**
 * The driver of Arm SMMUv3: event and PRI queue records, kernel log lines, the rings with their
 * indices and wrap bits, CMD_RESUME and CMD_PRI_RESP.
 *
 * <p>Decides nothing: what becomes of a fault is said by the handlers of the chain.
 */
package io.faultline.smmuv3.internal;
