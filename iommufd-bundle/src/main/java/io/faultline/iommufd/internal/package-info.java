/**
 * The records that Linux' iommufd and user space exchange: page requests ({@link
 * io.faultline.iommufd.internal.PageFault}), their answers ({@link
 * io.faultline.iommufd.internal.PageResponse}, {@link
 * io.faultline.iommufd.internal.ResponseWriter}), and events of a virtual IOMMU ({@link
 * io.faultline.iommufd.internal.VirtualEvent}).
 *
 * <p>It is no hardware of its own: a device is named by iommufd's id, a group is answered by its
 * cookie, and what is inside a virtual event the decoder of that hardware reads.
 */
package io.faultline.iommufd.internal;
