package io.faultline.shell.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultKind;
import io.faultline.platform.Counts;
import io.faultline.platform.DecoderView;
import io.faultline.platform.DeviceView;
import io.faultline.platform.HandlerView;
import io.faultline.platform.Platform;
import io.faultline.platform.UnitView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a running platform says of itself, as text. Each method takes one snapshot. */
final class PlatformText {
    private static final String ACTIVE = "active";

    private final Platform platform;

    PlatformText(Platform platform) {
        this.platform = platform;
    }

    /** The chain of each kind that somebody handles, and who is out of them. */
    String chains() {
        List<String> parts = new ArrayList<>();
        List<String> unwanted = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            List<HandlerView> chain = platform.chain(kind.word(), null, -1);
            if (chain.isEmpty()) {
                unwanted.add(kind.word());
            } else {
                parts.add(kind.word() + "\n" + table(chain));
            }
        }
        if (!unwanted.isEmpty()) {
            parts.add("No handler for: " + String.join(", ", unwanted));
        }
        List<HandlerView> out =
                platform.handlers().stream().filter(h -> !h.state().equals(ACTIVE)).toList();
        if (!out.isEmpty()) {
            Table table = new Table("out of the chain", "bundle", "why");
            out.forEach(h -> table.row(h.name(), bundle(h.bundle(), h.bundleId()), h.state()));
            parts.add(table.toString());
        }
        return String.join("\n\n", parts);
    }

    /**
     * Who is offered faults of a kind.
     *
     * @param unit a unit's name, or null for any
     * @param requester a device; negative for any
     */
    String chain(FaultKind kind, String unit, long requester) {
        List<HandlerView> chain = platform.chain(kind.word(), unit, requester);
        return chain.isEmpty()
                ? "No handler is offered that: it ends unhandled."
                : table(chain).toString();
    }

    private static Table table(List<HandlerView> chain) {
        Table table =
                new Table(
                        ">ranking",
                        "handler",
                        "bundle",
                        ">calls",
                        ">handled",
                        ">passed",
                        ">failed",
                        ">deferred",
                        ">time",
                        "only");
        for (HandlerView h : chain) {
            table.row(
                    h.ranking(),
                    h.name(),
                    bundle(h.bundle(), h.bundleId()),
                    Cells.count(h.offered()),
                    Cells.count(h.handled()),
                    Cells.count(h.passed()),
                    Cells.count(h.failed()),
                    Cells.count(h.deferred()),
                    Cells.duration(h.sampledNanos()),
                    only(h));
        }
        return table;
    }

    /** What narrows a handler, or widens it to observed faults. */
    private static String only(HandlerView handler) {
        String observed = handler.observed() ? "observed too" : "";
        String separator = observed.isEmpty() || handler.filters().isEmpty() ? "" : "; ";
        return handler.filters() + separator + observed;
    }

    /** The last faults, the newest at the bottom, where the eye is. */
    String faults(int limit) {
        List<Platform.FaultView> faults = new ArrayList<>(platform.lastFaults(limit));
        if (faults.isEmpty()) {
            return "No fault has come yet.";
        }
        Collections.reverse(faults);
        Table table =
                new Table(
                        ">time",
                        "unit",
                        ">#",
                        "kind",
                        "device",
                        ">pasid",
                        ">address",
                        "access",
                        "reason",
                        "outcome");
        for (Platform.FaultView view : faults) {
            Fault fault = view.fault();
            table.row(
                    Cells.time(fault.time(), fault.timeBase()),
                    fault.unit().name(),
                    Cells.count(fault.sequence()),
                    fault.kind().word(),
                    Cells.device(fault),
                    Cells.pasid(fault),
                    Cells.address(fault),
                    Cells.access(fault),
                    Cells.reason(fault),
                    view.outcome());
        }
        return table.toString();
    }

    /** All units, a line for each queue. */
    String units() {
        List<UnitView> units = platform.units();
        if (units.isEmpty()) {
            return "No unit and no log is there.";
        }
        Table table =
                new Table(
                        "unit",
                        "arch",
                        "queue",
                        "state",
                        ">waiting",
                        ">records",
                        ">malformed",
                        ">completed",
                        ">handled",
                        ">pending",
                        ">lost");
        for (UnitView unit : units) {
            String name = unit.observed() ? unit.name() + " (observed)" : unit.name();
            Counts c = unit.counts();
            for (int i = 0; i < unit.queues().size(); i++) {
                UnitView.QueueView queue = unit.queues().get(i);
                boolean first = i == 0; // counters are the unit's
                table.row(
                        first ? name : "",
                        first ? unit.arch() : "",
                        queue.kind(),
                        queue.state(),
                        Cells.count(queue.waiting()),
                        first ? Cells.count(c.records()) : "",
                        first ? Cells.count(c.malformed()) : "",
                        first ? Cells.count(c.completed()) : "",
                        first ? Cells.count(c.handled()) : "",
                        first ? Cells.count(c.pending()) : "",
                        first ? Cells.count(c.lost()) : "");
            }
        }
        return table.toString();
    }

    /** All counters of one unit: how its records and its faults add up. */
    String unit(String name) {
        List<UnitView> found =
                platform.units().stream().filter(unit -> unit.name().equals(name)).toList();
        if (found.isEmpty()) {
            return noSuchUnit(name);
        }
        UnitView unit = found.get(0);
        Counts c = unit.counts();
        List<String> lines = new ArrayList<>();
        lines.add(
                unit.name()
                        + ", "
                        + unit.arch()
                        + (unit.observed() ? ", observed" : ", generation " + unit.generation()));
        for (UnitView.QueueView queue : unit.queues()) {
            lines.add(
                    String.format(
                            "queue %s: %s, lane %d, %s waiting, %s batches, %s overflows",
                            queue.kind(),
                            queue.state(),
                            queue.lane(),
                            Cells.count(queue.waiting()),
                            Cells.count(queue.batches()),
                            Cells.count(queue.overflows())));
        }
        lines.add(sum("records", c.records(), recordParts(c)));
        lines.add(sum("faults and groups", c.completed(), endings(c)));
        lines.add(sum("page requests", c.pageRequests(), requestParts(c)));
        lines.add(
                "lost "
                        + Cells.count(c.lost())
                        + ", undeliverable "
                        + Cells.count(c.undeliverable()));
        lines.add("malformed: " + words(unit.malformed()));
        lines.add(
                "responses: "
                        + words(unit.responses())
                        + (unit.refused() == 0
                                ? ""
                                : "; too late and refused: " + Cells.count(unit.refused())));
        return String.join("\n", lines);
    }

    private static Map<String, Long> recordParts(Counts c) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("unrecoverable", c.unrecoverable());
        parts.put("page requests", c.pageRequests());
        parts.put("hints", c.hints());
        parts.put("stop markers", c.stopMarkers());
        parts.put("empty", c.empty());
        parts.put("malformed", c.malformed());
        return parts;
    }

    private static Map<String, Long> endings(Counts c) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("handled", c.handled());
        parts.put("failed", c.failed());
        parts.put("unhandled", c.unhandled());
        parts.put("pending", c.pending());
        parts.put("expired", c.expired());
        parts.put("drained", c.drained());
        parts.put("withdrawn", c.withdrawn());
        parts.put("shed", c.shed());
        return parts;
    }

    private static Map<String, Long> requestParts(Counts c) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("in groups", c.groupMembers());
        parts.put("partial", c.partial());
        parts.put("discarded", c.discarded());
        parts.put("dropped", c.dropped());
        return parts;
    }

    /** {@code records 12 = 10 unrecoverable + 2 malformed}: parts of 0 say nothing. */
    private static String sum(String what, long total, Map<String, Long> parts) {
        String text =
                parts.entrySet().stream()
                        .filter(part -> part.getValue() != 0)
                        .map(part -> Cells.count(part.getValue()) + " " + part.getKey())
                        .collect(Collectors.joining(" + "));
        return what + " " + Cells.count(total) + (text.isEmpty() ? "" : " = " + text);
    }

    private static String words(Map<String, Long> counts) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(entry -> Cells.count(entry.getValue()) + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }

    /** The devices of a unit. */
    String devices(String unit) {
        List<DeviceView> devices = platform.devices(unit);
        if (devices.isEmpty()) {
            boolean known = platform.units().stream().anyMatch(u -> u.name().equals(unit));
            return known ? "No device of " + unit + " was seen yet." : noSuchUnit(unit);
        }
        Table table =
                new Table(
                        "device",
                        "name",
                        ">records",
                        ">requests",
                        ">completed",
                        ">handled",
                        ">failed",
                        ">unhandled",
                        ">pending",
                        ">shed",
                        ">lost");
        for (DeviceView device : devices) {
            Counts c = device.counts();
            table.row(
                    device.requester() < 0 ? "others" : Cells.requester((int) device.requester()),
                    device.name() == null ? Cells.NONE : device.name(),
                    Cells.count(c.records()),
                    Cells.count(c.pageRequests()),
                    Cells.count(c.completed()),
                    Cells.count(c.handled()),
                    Cells.count(c.failed()),
                    Cells.count(c.unhandled()),
                    Cells.count(c.pending()),
                    Cells.count(c.shed()),
                    Cells.count(c.lost()));
        }
        return table.toString();
    }

    private String noSuchUnit(String name) {
        String there =
                platform.units().stream().map(UnitView::name).collect(Collectors.joining(", "));
        return "There is no unit " + name + (there.isEmpty() ? "." : "; there are " + there + ".");
    }

    /** Decoders and encoders, and who brought them. */
    String decoders() {
        List<DecoderView> decoders = platform.decoders();
        if (decoders.isEmpty()) {
            return "No decoder is installed: records wait in their queues.";
        }
        Table table = new Table("what", "arch", "queue", "bundle", "state");
        for (DecoderView decoder : decoders) {
            table.row(
                    decoder.role(),
                    decoder.arch(),
                    decoder.queue() == null ? "" : decoder.queue(),
                    bundle(decoder.bundle(), decoder.bundleId()),
                    decoder.state());
        }
        return table.toString();
    }

    String settings() {
        Table table = new Table("setting", ">value");
        platform.settings().forEach(table::row);
        return table.toString();
    }

    /** The platform's own complaints. */
    List<String> health() {
        return platform.health();
    }

    static String bundle(String name, long id) {
        return id < 0 ? name : name + " (" + id + ")";
    }
}
