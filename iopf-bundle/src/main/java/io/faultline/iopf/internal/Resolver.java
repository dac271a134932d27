package io.faultline.iopf.internal;

import io.faultline.fault.Access;
import io.faultline.fault.AccessHint;
import io.faultline.fault.FaultClass;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.Verdict;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.FaultInResult;

/**
 * Decides about one group against one address space: requests in order, the first failure decides
 * (as Linux' io-pgfault does).
 *
 * <p><b>Threads.</b> Without state but for what it counts in; safe for any thread.
 */
final class Resolver {
    private static final Verdict SUCCESS = Verdict.handled(Response.SUCCESS);

    private final Statistics statistics;

    Resolver(Statistics statistics) {
        this.statistics = statistics;
    }

    /** The stage whose space has to be asked. */
    static int stage(PageRequestGroup group) {
        return group.stage() == 2 ? 2 : 1;
    }

    /**
     * Why no space needs to be asked.
     *
     * @return null if one has to be
     */
    static Cause hopeless(PageRequestGroup group) {
        if (group.stalled() && group.reason() == Reason.ADDRESS_SIZE) {
            return Cause.ADDRESS_SIZE;
        }
        if (group.stage() == 2 && (!group.hasIpa() || group.faultClass() == FaultClass.RESERVED)) {
            return Cause.NO_IPA;
        }
        return null;
    }

    /**
     * Brings in what a group asks for.
     *
     * @param space null if there is none
     * @param deferral looked at before each page, or null on a lane
     * @param progress null for a shadow: then nothing is changed and nothing counted
     */
    Verdict resolve(
            PageRequestGroup group,
            AddressSpace space,
            Deferral deferral,
            Progress progress,
            long now,
            Settings settings) {
        if (space == null) {
            return failed(group, Cause.NO_SPACE, 0, null, progress == null);
        }
        boolean second = group.stage() == 2;
        for (int i = 0; i < group.size(); i++) {
            if (deferral != null && deferral.cancelled()) {
                return Verdict.PASSED;
            }
            long address = second ? group.ipa() : group.iova(i);
            Access access = second ? secondStageAccess(group) : group.access(i);
            Cause cause = tryPage(space, address, access, second, progress == null, settings);
            if (cause == null
                    && progress != null
                    && !progress.advances(group, address, access.bits(), now, settings)) {
                cause = Cause.NO_PROGRESS;
            }
            if (cause != null) {
                return failed(group, cause, i, space, progress == null);
            }
        }
        if (progress != null) {
            statistics.count(group, group.size(), null);
        }
        return SUCCESS;
    }

    private static Cause tryPage(
            AddressSpace space,
            long address,
            Access access,
            boolean second,
            boolean shadow,
            Settings settings) {
        int unused = Long.SIZE - settings.addressBits();
        if (!second && (address << unused) >> unused != address) {
            return Cause.NON_CANONICAL;
        }
        if (access.isExecute() && !access.isRead()) {
            return Cause.EXECUTE_WITHOUT_READ;
        }
        try {
            FaultInResult result =
                    shadow ? space.probe(address, access) : space.faultIn(address, access);
            return Cause.of(result);
        } catch (RuntimeException | LinkageError | InternalError e) {
            // a provider that goes, a mapping that shrinks: counted and told to the next handler; a
            // bad space must not take io-pgfault out (R4)
            return Cause.SPACE_ERROR;
        }
    }

    /** Which access a stage 2 fault made (Arm IHI 0070, 7.3.13). */
    private static Access secondStageAccess(PageRequestGroup group) {
        return switch (group.faultClass()) {
            case CONTEXT_FETCH -> Access.READ;
            case TABLE_WALK -> group.isTableWrite() ? Access.WRITE : Access.READ;
            default -> group.access();
        };
    }

    /** FAILED, with the request that decided it, and what to answer if nobody else helps. */
    Verdict failed(
            PageRequestGroup group, Cause cause, int at, AddressSpace space, boolean shadow) {
        if (!shadow) {
            statistics.count(group, at, cause);
        }
        boolean second = group.stage() == 2;
        String reason =
                "%s: request %d of %d, %s 0x%x %s%s"
                        .formatted(
                                cause.word(),
                                at + 1,
                                group.size(),
                                second ? "IPA" : "IOVA",
                                second ? group.ipa() : group.iova(at),
                                second ? secondStageAccess(group) : group.access(at),
                                space == null ? "" : " in " + space.name());
        // a full pool passes: a page request may come again; a stall that is retried at once
        // would only stall again
        boolean again = cause == Cause.POOL_FULL && !group.stalled();
        return Verdict.failed(reason, again ? Response.SUCCESS : Response.INVALID);
    }

    /** Brings in what a hint names, as far as it goes; nobody waits for it. */
    void pageIn(AccessHint hint, AddressSpace space, Settings settings) {
        long pageBytes = space.pageBytes();
        long first = hint.iova() & -pageBytes;
        long last = hint.iova() + Math.max(1, hint.lengthBytes()) - 1;
        for (long i = 0; i < settings.hintPages(); i++) {
            long address = first + i * pageBytes;
            if (Long.compareUnsigned(address, last) > 0) {
                return;
            }
            if (tryPage(space, address, hint.access(), false, false, settings) != null) {
                return;
            }
        }
    }
}
