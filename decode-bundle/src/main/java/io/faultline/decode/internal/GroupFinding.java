package io.faultline.decode.internal;

import io.faultline.fault.Access;
import io.faultline.hardware.FaultKeys;
import java.util.ArrayList;
import java.util.List;

/**
 * A page request group, as {@code --groups} shows it.
 *
 * @param last the request that came last
 * @param requests in order of arrival
 * @param complete whether the request that ends the group came
 * @param why why an incomplete group ended; null for a complete one
 */
record GroupFinding(FaultFinding last, List<Request> requests, boolean complete, String why)
        implements Finding {
    /** One page request of the group. */
    record Request(long iova, Access access) {}

    @Override
    public Place place() {
        return last.place();
    }

    @Override
    public String kind() {
        return "page_request_group";
    }

    @Override
    public Whose whose() {
        return last.whose();
    }

    @Override
    public void describe(Keys keys) {
        keys.text("kind", kind());
        keys.text("arch", last.fault().unit().arch());
        place().describe(keys);
        FaultKeys.describe(last.fault(), keys);
        if (last.fault().unit().name().isEmpty()) {
            keys.remove("unit");
        }
        if (last.isStall()) {
            last.describeAsArchitecture(keys); // of several requests, the last one's say nothing
        }
        keys.remove("addr");
        keys.remove("perms");
        keys.remove("last");
        keys.text("kind", kind());
        keys.flag("complete", complete);
        keys.objects("requests", describeRequests());
        place().describeTime(keys);
        keys.remove("description");
        keys.text("description", sentence());
    }

    private List<Keys> describeRequests() {
        List<Keys> described = new ArrayList<>(requests.size());
        for (Request request : requests) {
            Keys keys = new Keys();
            keys.hex("addr", request.iova());
            keys.words("perms", request.access().words());
            described.add(keys);
        }
        return described;
    }

    String sentence() {
        return "group of "
                + Columns.count(requests.size(), "request")
                + " from "
                + whose().deviceText()
                + (complete ? "" : ", incomplete: " + why);
    }
}
