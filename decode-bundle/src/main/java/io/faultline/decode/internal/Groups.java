package io.faultline.decode.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.StopMarker;
import io.faultline.fault.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects page requests into groups, for display. Groups are told apart by unit, requester, PASID
 * and index (PCIe 10.4.1); an index may come back as soon as its group is complete.
 *
 * <p>What is incomplete is bounded: beyond that the oldest group is passed on as it is.
 */
final class Groups implements Findings {
    private static final int OPEN_GROUPS = 1 << 16;
    private static final int OPEN_REQUESTS = 1 << 20;

    /** What makes two requests members of one group. */
    private record Key(Unit unit, boolean hasRequester, int requester, int pasid, int index) {
        static Key of(PageRequestGroup request) {
            return new Key(
                    request.unit(),
                    request.hasRequester(),
                    request.requester(),
                    request.pasid(),
                    request.groupIndex());
        }

        boolean endsWith(StopMarker marker) {
            return unit.equals(marker.unit())
                    && requester == marker.requester()
                    && pasid == marker.pasid();
        }
    }

    /** A group whose last request has not come. */
    private static final class Open {
        private final List<GroupFinding.Request> requests = new ArrayList<>(2);
        private FaultFinding last;

        void add(FaultFinding finding, PageRequestGroup request) {
            requests.add(new GroupFinding.Request(request.iova(), request.access()));
            last = finding;
        }

        GroupFinding finding(boolean complete, String why) {
            return new GroupFinding(last, requests, complete, why);
        }
    }

    private final Findings out;

    /** In the order in which their first requests came. */
    private final Map<Key, Open> open = new LinkedHashMap<>();

    private int openRequests;

    Groups(Findings out) {
        this.out = out;
    }

    @Override
    public void accept(Finding finding) throws IOException {
        Fault fault = finding instanceof FaultFinding found ? found.fault() : null;
        if (fault instanceof PageRequestGroup request) {
            add((FaultFinding) finding, request);
        } else {
            if (fault instanceof StopMarker marker) {
                discard(marker);
            }
            out.accept(finding);
        }
    }

    private void add(FaultFinding finding, PageRequestGroup request) throws IOException {
        boolean alone = (request.attributes() & (FaultBits.STALLED | FaultBits.PRIVATE_DATA)) != 0;
        if (alone) {
            Open only = new Open();
            only.add(finding, request);
            out.accept(only.finding(true, null));
            return;
        }
        Key key = Key.of(request);
        Open group = open.computeIfAbsent(key, k -> new Open());
        group.add(finding, request);
        openRequests++;
        if (request.complete()) {
            close(key, group, true, null);
        } else if (open.size() > OPEN_GROUPS || openRequests > OPEN_REQUESTS) {
            Map.Entry<Key, Open> oldest = open.entrySet().iterator().next();
            close(oldest.getKey(), oldest.getValue(), false, "too many groups are incomplete");
        }
    }

    /** A stop marker ends what is partial of its PASID (PCIe 10.4.1.2.1). */
    private void discard(StopMarker marker) throws IOException {
        List<GroupFinding> discarded = new ArrayList<>();
        for (Iterator<Map.Entry<Key, Open>> i = open.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Key, Open> entry = i.next();
            if (entry.getKey().endsWith(marker)) {
                i.remove();
                openRequests -= entry.getValue().requests.size();
                discarded.add(entry.getValue().finding(false, "a stop marker ended it"));
            }
        }
        for (GroupFinding group : discarded) {
            out.accept(group);
        }
    }

    private void close(Key key, Open group, boolean complete, String why) throws IOException {
        open.remove(key);
        openRequests -= group.requests.size();
        out.accept(group.finding(complete, why));
    }

    /** The input has ended: what is incomplete stays so. */
    void finish() throws IOException {
        for (Open group : open.values()) {
            out.accept(group.finding(false, "its last request never came"));
        }
        open.clear();
        openRequests = 0;
    }
}
