package io.faultline.queue;

/**
 * The end of a negotiation about a queue's size (R10).
 *
 * @param requested what the consumer asked for
 * @param granted what it got: a power of two
 * @param limit the most it could have got
 */
public record QueueGrant(int requested, int granted, int limit) {
    /**
     * Grants what a consumer asked for, as far as the limit allows.
     *
     * @param requested what it asks for; less than 1 counts as 1
     * @param least the fewest it needs to work at all, at least 1
     * @param limit the most there is, a power of two
     * @return the smallest power of two that holds {@code requested} and {@code least}, or {@code
     *     limit}
     * @throws IllegalArgumentException if {@code limit} is no power of two, or less than {@code
     *     least}
     */
    public static QueueGrant negotiate(int requested, int least, int limit) {
        if (Integer.bitCount(limit) != 1 || limit < least || limit < 1) {
            throw new IllegalArgumentException(
                    "limit=" + limit + " must be a power of two and at least " + least);
        }
        int wanted = Math.max(1, Math.max(requested, least));
        int granted = wanted >= limit ? limit : Integer.highestOneBit(2 * wanted - 1);
        return new QueueGrant(requested, granted, limit);
    }
}
