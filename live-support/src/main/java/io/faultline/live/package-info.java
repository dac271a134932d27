/**
 * What the drivers of live units have in common, whatever the architecture: {@link
 * io.faultline.live.DrivenUnits} makes a unit of each window, {@link
 * io.faultline.live.WindowSettings} reads what a window says to its driver, {@link
 * io.faultline.live.WindowRegisters} are safe to access at any time, {@link
 * io.faultline.live.Attention} says when they are worth a look, and {@link
 * io.faultline.live.OutgoingRing} gives commands to hardware.
 *
 * <p>No bundle exports this and none is installed with it: an arch bundle that uses it carries a
 * copy as a private package ({@code -conditionalpackage} in the root's {@code bnd.bnd}), so that
 * each can be replaced alone. What a register or a record means is in the arch bundles.
 */
package io.faultline.live;
