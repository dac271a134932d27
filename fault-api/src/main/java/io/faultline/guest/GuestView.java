package io.faultline.guest;

import java.util.List;

/**
 * A guest as the platform sees it. Counts are records and add up once the lanes are quiet: {@code
 * enqueued = read + dropped + withdrawn + waiting}.
 *
 * @param name the session's name
 * @param user the user of the connected process
 * @param state {@code connected}, or {@code away} while it may come back
 * @param devices what it has claimed, in words
 * @param depth the granted depth, in records
 * @param enqueued records that were to be delivered
 * @param read records written to its socket
 * @param dropped records that found no room
 * @param withdrawn records that ended otherwise before they were delivered
 * @param waiting records in the queue
 * @param outstanding groups delivered and not answered
 * @param answered groups it answered
 * @param errors error frames it was sent
 * @param wakeups how often its writer was woken
 */
public record GuestView(
        String name,
        String user,
        String state,
        List<String> devices,
        int depth,
        long enqueued,
        long read,
        long dropped,
        long withdrawn,
        long waiting,
        long outstanding,
        long answered,
        long errors,
        long wakeups) {}
