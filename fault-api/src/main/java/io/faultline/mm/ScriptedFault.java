package io.faultline.mm;

import java.util.Objects;

/**
 * Makes a modelled space misbehave as a real one could, for tests of what comes behind it.
 *
 * @param first the first address it applies to, unsigned
 * @param last the last one, inclusive, unsigned
 * @param nth it applies to the nth call of {@link AddressSpace#faultIn} in its range only, counted
 *     from 1 since it was given to the space; 0: to every call
 * @param result what the call says; {@link FaultInResult#RESIDENT} stands for <em>blocks</em>: the
 *     call waits until the scripts are changed or the space goes away
 */
public record ScriptedFault(long first, long last, long nth, FaultInResult result) {
    /**
     * Checks it.
     *
     * @param first not above the last
     * @param last not below the first
     * @param nth not negative
     * @param result not null
     * @throws IllegalArgumentException names the value and what is allowed
     */
    public ScriptedFault {
        Objects.requireNonNull(result, "result");
        if (Long.compareUnsigned(first, last) > 0) {
            throw new IllegalArgumentException(
                    "range=0x%x-0x%x: ends before it begins".formatted(first, last));
        }
        if (nth < 0) {
            throw new IllegalArgumentException("nth=" + nth + ": must not be negative");
        }
    }

    /**
     * Fails one call, wherever it goes.
     *
     * @param nth which, from 1
     * @param result what it says
     * @return the script
     */
    public static ScriptedFault failNth(long nth, FaultInResult result) {
        return new ScriptedFault(0, -1, nth, result);
    }

    /**
     * Fails all calls in a range.
     *
     * @param first the first address
     * @param last the last address, inclusive
     * @param result what they say
     * @return the script
     */
    public static ScriptedFault failRange(long first, long last, FaultInResult result) {
        return new ScriptedFault(first, last, 0, result);
    }

    /**
     * Blocks all calls in a range.
     *
     * @param first the first address
     * @param last the last address, inclusive
     * @return the script
     */
    public static ScriptedFault block(long first, long last) {
        return new ScriptedFault(first, last, 0, FaultInResult.RESIDENT);
    }

    /**
     * Whether calls wait.
     *
     * @return true for a script that blocks
     */
    public boolean blocks() {
        return result == FaultInResult.RESIDENT;
    }
}
