/**
 * Faults that Linux tells in words only: lines of the drivers whose hardware has no bundle of its
 * own ({@link io.faultline.driverlogs.internal.DriverLog}), and trace events from tracefs, perf and
 * {@code trace-cmd report} ({@link io.faultline.driverlogs.internal.TraceLog}).
 *
 * <p>What a line says is a row of a table ({@link io.faultline.driverlogs.internal.Forms}); a fault
 * whose registers are dumped over several lines is a {@link io.faultline.driverlogs.internal.Dump}.
 * A further driver is a further row.
 */
package io.faultline.driverlogs.internal;
