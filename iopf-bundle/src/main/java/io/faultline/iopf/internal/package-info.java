/**
 * io-pgfault: the handler of page request groups, stalls and hints.
 *
 * <p>{@link io.faultline.iopf.internal.IoPgfault} is the component; {@link
 * io.faultline.iopf.internal.Resolver} decides about one group against {@link
 * io.faultline.iopf.internal.Spaces}; {@link io.faultline.iopf.internal.Pool} does so on threads of
 * its own for spaces that may block; {@link io.faultline.iopf.internal.Progress} notices requests
 * that come again for ever; {@link io.faultline.iopf.internal.Statistics} counts.
 */
package io.faultline.iopf.internal;
