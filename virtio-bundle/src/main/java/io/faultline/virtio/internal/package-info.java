/**
 * The driver of virtio-iommu: fault events, and the lines that Linux prints of them.
 *
 * <p>A record comes in through {@link io.faultline.virtio.internal.FaultEvent}, a log line through
 * {@link io.faultline.virtio.internal.DriverLines}. The device has no page requests and expects no
 * answers; an event for which no buffer is free it drops without a word.
 */
package io.faultline.virtio.internal;
