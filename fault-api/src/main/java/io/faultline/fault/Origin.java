package io.faultline.fault;

/**
 * Where a fault comes from: what all faults of one queue, or of one log, share. Faults refer to it,
 * so that none of it is copied for each.
 *
 * @param unit the IOMMU instance
 * @param queue the queue's kind, in the words of the {@code --raw} option: {@code evtq}, {@code
 *     frcd}, ...
 * @param generation the unit's generation, raised by each reset (R9); 0 for observed faults
 * @param timeBase what {@link Fault#time()} counts from
 * @param observed whether we are only told about these faults (R18)
 */
public record Origin(
        Unit unit, String queue, int generation, TimeBase timeBase, boolean observed) {}
