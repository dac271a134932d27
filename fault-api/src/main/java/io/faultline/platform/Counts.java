package io.faultline.platform;

/**
 * Counters of a unit or a device. They add up, once the lanes are quiet:
 *
 * <ul>
 *   <li>{@code records = malformed + empty + hints + stopMarkers + pageRequests + unrecoverable}
 *   <li>for groups, hints, unrecoverable faults and stop markers together: {@code completed =
 *       handled + failed + unhandled + pending + expired + drained + withdrawn + shed}
 *   <li>{@code pageRequests = groupMembers + partial + discarded + dropped}
 * </ul>
 *
 * <p>A stall is a page request and a group of one. {@code undeliverable} counts beside these.
 *
 * @param records records read; log lines count only as the fault they give
 * @param malformed records that made no sense
 * @param empty recording registers with the valid bit clear
 * @param hints hints
 * @param stopMarkers stop markers
 * @param pageRequests page requests and stalls
 * @param unrecoverable unrecoverable faults
 * @param completed groups completed, and all faults that are no group
 * @param handled ended by a handler's HANDLED
 * @param failed ended at the end of the chain, at least one handler having failed
 * @param unhandled ended at the end of the chain, nobody having wanted it
 * @param pending groups and hints that a handler has taken over, or that wait
 * @param expired ended by their deadline
 * @param drained ended because their unit or the platform left
 * @param withdrawn needed no answer any more
 * @param shed answered or dropped without asking a handler: by the overload policy, or because the
 *     device is {@linkplain DeviceControl#block blocked}
 * @param groupMembers page requests in completed groups
 * @param partial page requests in groups that are not complete now
 * @param discarded page requests in groups that never became complete: aged, or ended by an
 *     overflow or a stop marker
 * @param dropped page requests that did not fit in the bound of partial groups
 * @param undeliverable responses that no encoder or port took
 * @param lost how often records were lost: an overflow counts once, a gap in a log by its size
 */
public record Counts(
        long records,
        long malformed,
        long empty,
        long hints,
        long stopMarkers,
        long pageRequests,
        long unrecoverable,
        long completed,
        long handled,
        long failed,
        long unhandled,
        long pending,
        long expired,
        long drained,
        long withdrawn,
        long shed,
        long groupMembers,
        long partial,
        long discarded,
        long dropped,
        long undeliverable,
        long lost) {}
