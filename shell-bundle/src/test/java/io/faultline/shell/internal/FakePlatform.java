package io.faultline.shell.internal;

import io.faultline.fault.Access;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.platform.Counts;
import io.faultline.platform.DecoderView;
import io.faultline.platform.DeviceView;
import io.faultline.platform.HandlerView;
import io.faultline.platform.Platform;
import io.faultline.platform.UnitView;
import io.faultline.testkit.FaultBuilder;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A platform in which a little has happened, or nothing. */
record FakePlatform(boolean isEmpty) implements Platform {
    private static final HandlerView SVA =
            new HandlerView(
                    "usb-sva",
                    17,
                    2000,
                    "org.example.sva",
                    42,
                    List.of("page_request"),
                    "requesters 01:00.0",
                    false,
                    "active",
                    12_345,
                    12_000,
                    300,
                    40,
                    5,
                    1_234);
    private static final HandlerView BOARD =
            new HandlerView(
                    "board-quirk",
                    18,
                    100,
                    "-",
                    -1,
                    List.of("unrecoverable", "page_request"),
                    "",
                    true,
                    "active",
                    7,
                    0,
                    7,
                    0,
                    0,
                    -1);
    private static final HandlerView BROKEN =
            new HandlerView(
                    "broken",
                    19,
                    1,
                    "org.example.broken",
                    43,
                    List.of("unrecoverable"),
                    "",
                    false,
                    "failed 100 times in a row",
                    100,
                    0,
                    0,
                    100,
                    0,
                    50);
    private static final Counts COUNTS =
            new Counts(20, 2, 1, 0, 0, 12, 5, 9, 4, 1, 3, 1, 0, 0, 0, 0, 9, 2, 0, 1, 0, 3);

    @Override
    public List<HandlerView> handlers() {
        return isEmpty ? List.of() : List.of(SVA, BOARD, BROKEN);
    }

    @Override
    public List<HandlerView> chain(String kind, String unit, long requester) {
        return handlers().stream()
                .filter(h -> h.state().equals("active") && h.kinds().contains(kind))
                .filter(h -> requester < 0 || requester == 0x100 || h.filters().isEmpty())
                .toList();
    }

    @Override
    public List<UnitView> units() {
        if (isEmpty) {
            return List.of();
        }
        return List.of(
                new UnitView(
                        "smmuv3",
                        "smmu0",
                        false,
                        2,
                        List.of(
                                new UnitView.QueueView("evtq", 0, "active", 3, 1_000, 1),
                                new UnitView.QueueView("priq", 1, "no decoder", 0, 0, 0)),
                        COUNTS,
                        Map.of("unknown_event", 2L),
                        Map.of("SUCCESS", 4L),
                        3),
                new UnitView(
                        "vtd",
                        "dmar0",
                        true,
                        0,
                        List.of(new UnitView.QueueView("/dev/kmsg", 2, "active", 0, 7, 0)),
                        COUNTS,
                        Map.of(),
                        Map.of(),
                        0));
    }

    @Override
    public List<DeviceView> devices(String unit) {
        return isEmpty || !unit.equals("smmu0")
                ? List.of()
                : List.of(
                        new DeviceView(0x100, "0000:01:00.0", COUNTS, 1, 2),
                        new DeviceView(0xcfe0_0000L, null, COUNTS, 1, 2),
                        new DeviceView(-1, null, COUNTS, 1, 2));
    }

    @Override
    public List<DecoderView> decoders() {
        return isEmpty
                ? List.of()
                : List.of(
                        new DecoderView(
                                "records", "smmuv3", "evtq", "io.faultline.smmuv3", 9, "active"),
                        new DecoderView("lines", "vtd", null, "io.faultline.vtd", 10, "active"));
    }

    @Override
    public List<FaultView> lastFaults(int limit) {
        FaultBuilder builder =
                new FaultBuilder().unit("smmuv3", "smmu0").time(70_000_001_000L, TimeBase.BOOT);
        return isEmpty
                ? List.of()
                : List.of(
                                new FaultView(
                                        builder.sequence(9)
                                                .pasid(7)
                                                .request(0x1000, Access.READ)
                                                .iova(0x2000)
                                                .pageRequests(3),
                                        "deferred"),
                                new FaultView(
                                        new FaultBuilder()
                                                .sequence(8)
                                                .unit("vtd", "dmar0")
                                                .unrecoverable(Reason.NOT_PRESENT),
                                        "unhandled"))
                        .subList(0, Math.min(limit, 2));
    }

    @Override
    public SortedMap<String, String> settings() {
        return new TreeMap<>(Map.of("batch.limit", "256", "overload.policy", "retry"));
    }

    @Override
    public List<String> health() {
        return isEmpty ? List.of() : List.of("dispatcher: queue smmu0 priq waits for a decoder");
    }
}
