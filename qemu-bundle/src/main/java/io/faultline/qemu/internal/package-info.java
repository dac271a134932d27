/**
 * An IOMMU that nobody here wrote: QEMU's models of Arm SMMUv3 and Intel VT-d, driven without a
 * guest. {@link io.faultline.qemu.internal.Qtest} reads and writes guest physical addresses, {@link
 * io.faultline.qemu.internal.GuestRam} is a file that both sides map, {@link
 * io.faultline.qemu.internal.QemuWindow} shows both to the driver in the architecture's bundle.
 *
 * <p>{@link io.faultline.qemu.internal.Machine} is the machine around the IOMMU: its memory map,
 * translation tables that somebody has to set up, and PCI devices ({@link
 * io.faultline.qemu.internal.Endpoint}) that touch addresses on demand. {@link
 * io.faultline.qemu.internal.LiveMachine} is one that runs, {@link
 * io.faultline.qemu.internal.Machines} all of them.
 *
 * <p>Knows no queue: rings, their registers and what goes wrong with them are the driver's.
 */
package io.faultline.qemu.internal;
