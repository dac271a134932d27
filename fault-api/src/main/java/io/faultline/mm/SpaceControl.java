package io.faultline.mm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes address spaces, says who uses them, and takes them down, at run time. {@code mm-bundle}
 * provides it as one service; what is made here io-pgfault finds at once.
 *
 * <p>What it makes lives as long as the service: a bundle that leaves takes its own spaces down.
 *
 * <p><b>Threads.</b> Safe for any thread. {@link #unbind} and {@link #destroy} wait, at most 4 s.
 */
@ProviderType
public interface SpaceControl {
    /**
     * Makes a modelled space without areas, bound to nobody.
     *
     * @param name not blank; no other space has it
     * @param options its limits
     * @return the space
     * @throws IllegalArgumentException if the name is taken, or there are 4096 spaces already
     */
    ModelledSpace createModelled(String name, SpaceOptions options);

    /**
     * Makes a space that is a memory mapping of a file, shared: faulting a page in touches it, so
     * that the operating system brings it in. What the file held when it was opened is mapped;
     * pages that it loses later say {@link FaultInResult#IO_ERROR}.
     *
     * @param name not blank; no other space has it
     * @param file a file, or the RAM file of a running emulator
     * @param writable whether areas may grant writes; else they are refused. Faulting in only ever
     *     reads a page: it changes nothing in the file
     * @param areas which addresses show what of the file, by {@link Area#offset()}: page-aligned,
     *     none overlaps another, all within the file; empty: the whole file from address 0
     * @param options its limits; it may block, whatever they say
     * @return the space
     * @throws IllegalArgumentException if the name is taken, an area does not fit, or there are
     *     4096 spaces already
     * @throws IOException if the file cannot be mapped
     */
    ManagedSpace createMapped(
            String name, Path file, boolean writable, List<Area> areas, SpaceOptions options)
            throws IOException;

    /**
     * All spaces.
     *
     * @return a snapshot, by name
     */
    List<ManagedSpace> spaces();

    /**
     * A space.
     *
     * @param name its name
     * @return null if there is none of that name
     */
    ManagedSpace space(String name);

    /**
     * From now on accesses go to a space.
     *
     * @param name the space's name
     * @param binding whose accesses
     * @throws IllegalArgumentException if there is no such space, the same accesses go to a space
     *     already, or there are 65536 bindings
     */
    void bind(String name, SpaceBinding binding);

    /**
     * From now on they do not. When this returns, no call for them is inside the space and none
     * begins (R6): a space that somebody has just found says {@link FaultInResult#GOING_AWAY}.
     *
     * @param name the space's name
     * @param binding as it was bound
     * @return false if a call was still inside after 4 s: it is given up, and logged
     * @throws IllegalArgumentException if there is no such space, or it is not bound so
     */
    boolean unbind(String name, SpaceBinding binding);

    /**
     * Takes a space down: unbinds all, and ends calls that a script blocks.
     *
     * @param name the space's name
     * @return as for {@link #unbind}
     * @throws IllegalArgumentException if there is no such space
     */
    boolean destroy(String name);
}
