package io.faultline.mm;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A space with areas and a page table in memory, but without contents: a resident page costs bits.
 *
 * <p><b>Threads.</b> Safe for any thread. A call that has begun when areas or scripts change may
 * still go by the old ones.
 */
@ProviderType
public interface ModelledSpace extends ManagedSpace {
    /**
     * Adds an area.
     *
     * @param area page-aligned; overlaps no other
     * @throws IllegalArgumentException if it is not, or there are 65536 areas already
     */
    void add(Area area);

    /**
     * Takes an area out, and its pages with it.
     *
     * @param start the area's first address
     * @return false if no area begins there
     */
    boolean remove(long start);

    /**
     * Adds areas from the text of {@code /proc/PID/maps}: all of them or none. Lines may end behind
     * the rights ({@code 400000-452000 r-xp}); a fifth letter {@code k} in the rights means
     * privileged; empty lines and those that begin with {@code #} are skipped. Private areas with a
     * file are copied on write, those without are filled with zeros.
     *
     * @param maps the text
     * @return how many areas it had
     * @throws IllegalArgumentException names the line and what is wrong with it
     */
    int load(String maps);

    /**
     * Replaces the scripts; calls that a script blocks go on. Where several apply to a call, the
     * first decides.
     *
     * @param scripts none to let everything work again
     * @throws IllegalArgumentException if one blocks, but the space was made as one that does not
     */
    void script(List<ScriptedFault> scripts);
}
