/**
 * The driver of Arm SMMUv3: event and PRI queue records, kernel log lines, the rings with their
 * indices and wrap bits, CMD_RESUME and CMD_PRI_RESP.
 *
 * <p>A record comes in through {@link io.faultline.smmuv3.internal.EventDecoder} ({@link
 * io.faultline.smmuv3.internal.EventRecord} draws it, {@link
 * io.faultline.smmuv3.internal.EventType} says what each event has) or {@link
 * io.faultline.smmuv3.internal.PriDecoder}, a log line through {@link
 * io.faultline.smmuv3.internal.DriverLog}, which puts the printed words together and gives them to
 * the same decoder. An answer goes out through {@link
 * io.faultline.smmuv3.internal.ResponseCommands}.
 *
 * <p>A window onto an SMMU becomes a unit in {@link io.faultline.smmuv3.internal.LiveUnits}: {@link
 * io.faultline.smmuv3.internal.LiveUnit} sets its queues up, {@link
 * io.faultline.smmuv3.internal.RecordRing} takes records, {@link
 * io.faultline.smmuv3.internal.CommandRing} gives commands, {@link
 * io.faultline.smmuv3.internal.GlobalErrors} mends what hardware reports of both.
 *
 * <p>Decides nothing: what becomes of a fault is said by the handlers of the chain.
 */
package io.faultline.smmuv3.internal;
