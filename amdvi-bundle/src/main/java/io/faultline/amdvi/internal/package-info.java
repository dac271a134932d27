/**
 * The driver of AMD-Vi, AMD's I/O virtualization: event log and PPR log entries, kernel log lines,
 * COMPLETE_PPR_REQUEST.
 *
 * <p>A record comes in through {@link io.faultline.amdvi.internal.EventRecord} ({@link
 * io.faultline.amdvi.internal.EventType} says what each code means, {@link
 * io.faultline.amdvi.internal.EventFlags} what the flags add) or {@link
 * io.faultline.amdvi.internal.PprRecord}, a log line through {@link
 * io.faultline.amdvi.internal.DriverLines}, which puts the entry together again that {@link
 * io.faultline.amdvi.internal.LoggedEvent} tells field by field. An answer goes out through {@link
 * io.faultline.amdvi.internal.CompletePprRequest}. {@link io.faultline.amdvi.internal.LiveUnits}
 * makes a unit of each window onto hardware: its logs are {@link
 * io.faultline.amdvi.internal.LogRing}s.
 *
 * <p><b>Not written yet.</b> The tail of either log can move before the entry is in memory (errata
 * 732 and 733). An entry whose code is 0 is such a one; the platform reads it again for a while and
 * then counts it as lost. It works because whoever drains a log, as LogRing does, writes zeros over
 * what it consumed.
 *
 * <p><b>Overflow.</b> Hardware that finds a log full sets the overflow bit of the status register,
 * stops logging (the run bit falls) and drops what comes, until software has waited for run = 0,
 * disabled the log, cleared the bit and enabled the log again. So nothing is written while the log
 * is being emptied, and neither log tells how much was dropped. Groups whose last request was
 * dropped stay incomplete.
 *
 * <p>Decides nothing: what becomes of a fault is said by the handlers of the chain.
 */
package io.faultline.amdvi.internal;
