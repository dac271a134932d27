package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One snapshot's chains as one lane uses them, for one unit: per kind an array for everyone, and
 * where filters name devices, arrays for ranges of them. {@code h} ranges cut the requesters into
 * at most {@code 2h + 1} intervals, so the size grows with the handlers, not with the devices seen.
 *
 * <p>Where a handler owns a device, those that name no device are left out (R19): here, when the
 * arrays are built, unless it owns some PASIDs only.
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
        Post[] everyones = chain.everyones;
        if (everyones != null) {
            return everyones;
        }
        return fault.hasRequester() ? chain.of(fault) : chain.anonymous;
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

        /** The one array, if no filter names devices; else null. */
        final Post[] everyones;

        /** For faults that name no requester: handlers that ask for none. */
        final Post[] anonymous;

        /** By interval, where some PASIDs have an owner: which, and who is asked there. */
        private final OwnedPasids[] owned;

        ByRequester(int kind, String unit, boolean observed, List<Post> all) {
            List<Post> mine =
                    all.stream().filter(p -> p.entry.filter.wants(kind, unit, observed)).toList();
            // of page requests: an owner keeps hints away from others even if it wants none itself
            List<HandlerFilter> owners =
                    all.stream()
                            .map(p -> p.entry.filter)
                            .filter(f -> f.owner() && f.wants(Kinds.PAGE_REQUEST, unit, observed))
                            .toList();
            List<Long> cuts = new ArrayList<>();
            Stream.concat(mine.stream().map(p -> p.entry.filter), owners.stream())
                    .map(HandlerFilter::requesters)
                    .filter(Objects::nonNull)
                    .forEach(requesters -> requesters.addCuts(cuts));
            starts =
                    cuts.stream()
                            .mapToLong(Long::longValue)
                            .filter(cut -> cut > 0 && cut <= 0xffff_ffffL)
                            .distinct()
                            .sorted()
                            .toArray();
            posts = new Post[starts.length + 1][];
            owned = new OwnedPasids[posts.length];
            for (int i = 0; i < posts.length; i++) {
                long requester = i == 0 ? 0 : starts[i - 1];
                posts[i] = matching(mine, requester);
                List<HandlerFilter> here =
                        owners.stream().filter(f -> f.owns(kind, requester)).toList();
                if (!here.isEmpty()) {
                    Post[] naming =
                            Arrays.stream(posts[i])
                                    .filter(p -> p.entry.filter.requesters() != null)
                                    .toArray(Post[]::new);
                    if (here.stream().anyMatch(f -> f.pasids() == null)) {
                        posts[i] = naming;
                    } else {
                        owned[i] =
                                new OwnedPasids(
                                        here.stream()
                                                .map(HandlerFilter::pasids)
                                                .toArray(Ranges[]::new),
                                        naming);
                    }
                }
            }
            anonymous = matching(mine, -1);
            everyones = starts.length == 0 ? posts[0] : null;
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

        Post[] of(Fault fault) {
            int found = Arrays.binarySearch(starts, Integer.toUnsignedLong(fault.requester()));
            int interval = found >= 0 ? found + 1 : -found - 1;
            OwnedPasids owner = owned[interval];
            return owner != null && owner.contain(fault.pasid()) ? owner.posts : posts[interval];
        }
    }

    /** PASIDs of some devices that have an owner, and who is asked about them. */
    private static final class OwnedPasids {
        final Ranges[] pasids;
        final Post[] posts;

        OwnedPasids(Ranges[] pasids, Post[] posts) {
            this.pasids = pasids;
            this.posts = posts;
        }

        boolean contain(int pasid) {
            for (Ranges ranges : pasids) {
                if (ranges.contains(pasid)) {
                    return true;
                }
            }
            return false;
        }
    }
}
