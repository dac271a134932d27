package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One snapshot's chains as one lane uses them, for one unit: per kind an array for everyone, and
 * where filters name devices, arrays for ranges of them. {@code h} ranges cut the requesters into
 * at most {@code 2h + 1} intervals, so the size grows with the handlers, not with the devices seen.
 */
final class LaneChain {
    private static final Post[] NOBODY = {};

    final Snapshot snapshot;

    /** All posts of this unit, in the order of the chain. */
    final Post[] all;

    private final ByRequester[] byKind = new ByRequester[Kinds.SIZE];

    LaneChain(Snapshot snapshot, String unit, boolean observed, int lane, LaneChain before) {
        this.snapshot = snapshot;
        List<Post> posts = new ArrayList<>();
        for (HandlerEntry entry : snapshot.handlers()) {
            if (!entry.life.standing.isClosed() && wantsAny(entry, unit, observed)) {
                posts.add(
                        new Post(
                                entry,
                                lane,
                                snapshot.shadowsOf(entry),
                                before == null ? null : before.post(entry)));
            }
        }
        all = posts.toArray(Post[]::new);
        for (int kind = 0; kind < Kinds.SIZE; kind++) {
            byKind[kind] = new ByRequester(kind, unit, observed, posts);
        }
    }

    private static boolean wantsAny(HandlerEntry entry, String unit, boolean observed) {
        for (int kind = 0; kind < Kinds.SIZE; kind++) {
            if (entry.filter.wants(kind, unit, observed)) {
                return true;
            }
        }
        return false;
    }

    /** The posts that a fault is offered to, PASIDs aside. */
    Post[] of(int kind, Fault fault) {
        ByRequester chain = byKind[kind];
        if (chain.starts.length == 0) {
            return chain.posts[0];
        }
        return fault.hasRequester() ? chain.of(fault.requester()) : chain.anonymous;
    }

    private Post post(HandlerEntry entry) {
        for (Post post : all) {
            if (post.entry.life == entry.life) {
                return post;
            }
        }
        return null;
    }

    /** The posts for one kind of fault, by intervals of requesters. */
    private static final class ByRequester {
        /** First requester of each interval but the first, ascending as unsigned numbers. */
        final long[] starts;

        final Post[][] posts;

        /** For faults that name no requester: handlers that ask for none. */
        final Post[] anonymous;

        ByRequester(int kind, String unit, boolean observed, List<Post> all) {
            List<Post> mine =
                    all.stream().filter(p -> p.entry.filter.wants(kind, unit, observed)).toList();
            List<Long> cuts = new ArrayList<>();
            for (Post post : mine) {
                if (post.entry.filter.requesters() != null) {
                    post.entry.filter.requesters().addCuts(cuts);
                }
            }
            starts =
                    cuts.stream()
                            .mapToLong(Long::longValue)
                            .filter(cut -> cut > 0 && cut <= 0xffff_ffffL)
                            .distinct()
                            .sorted()
                            .toArray();
            posts = new Post[starts.length + 1][];
            for (int i = 0; i < posts.length; i++) {
                posts[i] = matching(mine, i == 0 ? 0 : starts[i - 1]);
            }
            anonymous = matching(mine, -1);
        }

        private static Post[] matching(List<Post> posts, long requester) {
            Post[] matching =
                    posts.stream()
                            .filter(
                                    p ->
                                            p.entry.filter.requesters() == null
                                                    || p.entry
                                                            .filter
                                                            .requesters()
                                                            .contains(requester))
                            .toArray(Post[]::new);
            return matching.length == 0 ? NOBODY : matching;
        }

        Post[] of(int requester) {
            int found = Arrays.binarySearch(starts, Integer.toUnsignedLong(requester));
            return posts[found >= 0 ? found + 1 : -found - 1];
        }
    }
}
