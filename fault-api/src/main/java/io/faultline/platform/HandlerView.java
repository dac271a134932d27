package io.faultline.platform;

import java.util.List;

/**
 * A handler as the platform sees it. {@code offered = passed + handled + failed + deferred}.
 *
 * @param name its name
 * @param serviceId its {@code service.id}
 * @param ranking its {@code service.ranking}
 * @param bundle symbolic name of its bundle, or {@code -}
 * @param bundleId its bundle's id, or -1
 * @param kinds the kinds it is offered
 * @param filters what narrows it (units, requesters, PASIDs), in words; empty if nothing does
 * @param observed whether it is offered observed faults
 * @param state {@code active}, or why it is out of the chain
 * @param offered how often it was called with a fault
 * @param handled verdicts HANDLED
 * @param passed verdicts PASSED
 * @param failed verdicts FAILED, throws included
 * @param deferred verdicts DEFERRED
 * @param sampledNanos mean time of a call, from samples; -1 before the first
 */
public record HandlerView(
        String name,
        long serviceId,
        int ranking,
        String bundle,
        long bundleId,
        List<String> kinds,
        String filters,
        boolean observed,
        String state,
        long offered,
        long handled,
        long passed,
        long failed,
        long deferred,
        long sampledNanos) {}
