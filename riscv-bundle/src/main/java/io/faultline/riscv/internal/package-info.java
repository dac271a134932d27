/**
 * The driver of the RISC-V IOMMU: fault queue and page request queue records, kernel log lines,
 * ATS.PRGR.
 *
 * <p>A record comes in through {@link io.faultline.riscv.internal.FaultRecord} ({@link
 * io.faultline.riscv.internal.FaultCause} says what each cause means, {@link
 * io.faultline.riscv.internal.TransactionType} what the device asked for) or {@link
 * io.faultline.riscv.internal.PageRequestRecord}, a log line through {@link
 * io.faultline.riscv.internal.DriverLines}. An answer goes out through {@link
 * io.faultline.riscv.internal.PageGroupResponse}.
 *
 * <p>Decides nothing: what becomes of a fault is said by the handlers of the chain.
 */
package io.faultline.riscv.internal;
