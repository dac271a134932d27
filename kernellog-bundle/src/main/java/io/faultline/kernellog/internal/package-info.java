/**
 * A source: takes the kernel's log from /dev/kmsg, from files and from standard input apart into
 * lines, and offers each line to the line decoders that wait for one of its literals.
 *
 * <p>Understands the frame around a line (time, priority, continuation), never the line itself.
 *
 * <pre>
 * ByteSource ──> ScannedLog ──> TextForm ──────────────> Delivery ──> Sessions ──> line decoders
 * (a stream,     one buffer,    LiteralSearch finds the  LineCleaner,  a lock,      │
 *  the device)   whole lines    lines; KmsgForm and      LinePrefix,   a session   ▼
 *                               FieldsForm see all       GapLines      each        Reports
 * </pre>
 *
 * <p>Bytes that no literal is found in are read twice, by {@link
 * io.faultline.kernellog.internal.LiteralSearch} and by {@link
 * io.faultline.kernellog.internal.Newlines}, a few dozen KiB at a time; everything else happens to
 * the lines that are found.
 */
package io.faultline.kernellog.internal;
