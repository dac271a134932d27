package io.faultline.qemu.internal;

import io.faultline.fault.FaultKind;
import io.faultline.platform.Platform;
import io.faultline.platform.UnitView;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Taps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The shell command {@code faultline:qemu}. */
@Component(service = QemuCommand.class)
@GogoCommand(scope = "faultline", function = "qemu")
public final class QemuCommand {
    private static final String USAGE =
            "start [KEY=VALUE...], fault DEVICE [read|write] ADDRESS [name=UNIT], storm N"
                    + " [name=UNIT], stop [name=UNIT]";
    private static final String NAME = "name";
    private static final long QUIET_MILLIS = 500;

    /** Before the first fault of a unit much is done for the first time. */
    private static final long FIRST_MILLIS = 2_000;

    private static final int CAPACITY = 65_536;
    private static final int MOST = 10_000_000;

    private final BundleContext context;
    private final Machines machines;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Platform platform;

    /** Called by DS. */
    @Activate
    public QemuCommand(BundleContext context, @Reference Machines machines) {
        this.context = context;
        this.machines = machines;
    }

    @Descriptor("shows the emulated units and the devices that can be made to fault")
    public String qemu() {
        List<LiveMachine> all = machines.all();
        if (all.isEmpty()) {
            return "no emulated unit; " + USAGE;
        }
        StringBuilder text = new StringBuilder();
        for (LiveMachine machine : all) {
            text.append(machine.describe()).append('\n');
            for (Endpoint device : machine.endpoints()) {
                text.append(
                        "  %s  %-9s %-5s %s"
                                .formatted(
                                        device.address(),
                                        device.model(),
                                        device.direction(),
                                        device.note())
                                .stripTrailing());
                text.append('\n');
            }
        }
        return text.toString().stripTrailing();
    }

    @Descriptor("starts and stops emulated units, and makes their devices fault")
    public String qemu(
            @Descriptor("start [KEY=VALUE...], fault DEVICE [read|write] ADDRESS, storm N or stop")
                    String what,
            @Descriptor("its arguments") String... arguments)
            throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>();
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals > 0) {
                options.put(argument.substring(0, equals), argument.substring(equals + 1));
            } else {
                words.add(argument);
            }
        }
        return switch (what) {
            case "start" -> start(words, options);
            case "fault" -> fault(words, machine(options));
            case "storm" -> storm(words, machine(options));
            case "stop" -> stop(words, options);
            default -> throw new IllegalArgumentException("'" + what + "': " + USAGE);
        };
    }

    private LiveMachine machine(Map<String, String> options) {
        options.keySet().stream()
                .filter(key -> !key.equals(NAME))
                .findFirst()
                .ifPresent(
                        key -> {
                            throw new IllegalArgumentException(key + "=: allowed is name=UNIT");
                        });
        return machines.find(options.get(NAME));
    }

    private static void expect(List<String> words, int least, int most) {
        if (words.size() < least || words.size() > most) {
            throw new IllegalArgumentException("usage: " + USAGE);
        }
    }

    private String start(List<String> words, Map<String, String> options)
            throws IOException, InterruptedException {
        expect(words, 0, 0);
        LiveMachine machine = machines.start(MachineSettings.of(options));
        return machine.describe();
    }

    private String stop(List<String> words, Map<String, String> options) {
        expect(words, 0, 0);
        List<LiveMachine> chosen = options.isEmpty() ? machines.all() : List.of(machine(options));
        chosen.forEach(machines::stop);
        return chosen.isEmpty()
                ? "nothing runs"
                : String.join(", ", chosen.stream().map(m -> m.settings().name()).toList())
                        + " stopped";
    }

    private String fault(List<String> words, LiveMachine machine) throws InterruptedException {
        expect(words, 2, 3);
        Endpoint device = device(words.get(0), machine);
        if (words.size() == 3 && !words.get(1).equals(device.direction().toString())) {
            throw new IllegalArgumentException(
                    "%s: %s (%s) can only %s; `faultline:qemu` shows who can what"
                            .formatted(
                                    words.get(1),
                                    device.address(),
                                    device.model(),
                                    device.direction()));
        }
        long address = number(words.get(words.size() - 1));
        Sightings seen = new Sightings(machine.settings().name());
        ServiceRegistration<FaultTap> tap = watch(seen);
        try {
            long since = System.nanoTime();
            int accesses = machine.touch(device.requester, address);
            seen.await(accesses, FIRST_MILLIS, QUIET_MILLIS);
            return report(machine, device, address, accesses, seen, since);
        } finally {
            tap.unregister();
        }
    }

    private static Endpoint device(String text, LiveMachine machine) {
        int requester = Endpoint.requester(text);
        return machine.endpoints().stream()
                .filter(endpoint -> endpoint.requester == requester)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "device="
                                                + text
                                                + ": there are "
                                                + machine.endpoints().stream()
                                                        .map(Endpoint::address)
                                                        .toList()));
    }

    private static String report(
            LiveMachine machine,
            Endpoint device,
            long address,
            int accesses,
            Sightings seen,
            long since) {
        String text =
                "%s: %s (%s, requester 0x%x) made %d %s at 0x%x"
                        .formatted(
                                machine.settings().name(),
                                device.address(),
                                device.model(),
                                device.requester,
                                accesses,
                                device.direction() + (accesses == 1 ? "" : "s"),
                                address);
        if (seen.count() == 0) {
            return text + "\nno fault: the access is allowed";
        }
        return text
                + "\n%s after %d us: %s"
                        .formatted(
                                seen.count() == 1 ? "seen" : seen.count() + " seen, the first",
                                TimeUnit.NANOSECONDS.toMicros(seen.firstNanos() - since),
                                seen.first())
                + "\nwhat became of it: "
                + seen.outcome().name().toLowerCase(Locale.ROOT);
    }

    private String storm(List<String> words, LiveMachine machine) throws InterruptedException {
        expect(words, 1, 1);
        long wanted = number(words.get(0));
        if (wanted < 1 || wanted > MOST) {
            throw new IllegalArgumentException(
                    "storm " + words.get(0) + ": allowed are 1 to " + MOST);
        }
        String unit = machine.settings().name();
        Sightings seen = new Sightings(unit);
        ServiceRegistration<FaultTap> tap = watch(seen);
        try {
            long overflowsBefore = overflows(unit);
            long since = System.nanoTime();
            long made = flood(machine, wanted);
            seen.await(made, FIRST_MILLIS, QUIET_MILLIS);
            long nanos = Math.max(1, seen.lastNanos() - since);
            long overflows = overflows(unit) - overflowsBefore;
            return "%s: %,d accesses, %,d faults seen in %,d ms: %,.0f a second%s%s"
                    .formatted(
                            unit,
                            made,
                            seen.count(),
                            TimeUnit.NANOSECONDS.toMillis(nanos),
                            seen.count() * 1e9 / nanos,
                            overflows == 0
                                    ? ""
                                    : "; the queue overflowed %,d times".formatted(overflows),
                            seen.missed() == 0
                                    ? ""
                                    : "; %,d more were not shown".formatted(seen.missed()));
        } finally {
            tap.unregister();
        }
    }

    /** In bursts as long as enough is left, then one by one; each address once. */
    private static long flood(LiveMachine machine, long wanted) {
        long made = 0;
        long address = 0x1000_0000;
        List<Endpoint> devices =
                machine.endpoints().stream()
                        .filter(device -> device.note().isEmpty() || device.accesses() > 1)
                        .sorted((a, b) -> b.accesses() - a.accesses())
                        .toList();
        for (Endpoint device : devices) {
            while (wanted - made >= device.accesses()) {
                made += machine.touch(device.requester, address);
                address += Machine.PAGE_BYTES;
            }
        }
        return made;
    }

    private long overflows(String unit) {
        Platform present = platform;
        return present == null
                ? 0
                : present.units().stream()
                        .filter(view -> view.name().equals(unit))
                        .flatMap(view -> view.queues().stream())
                        .mapToLong(UnitView.QueueView::overflows)
                        .sum();
    }

    private ServiceRegistration<FaultTap> watch(Sightings seen) {
        String[] kinds =
                Arrays.stream(FaultKind.values()).map(FaultKind::word).toArray(String[]::new);
        return context.registerService(
                FaultTap.class,
                seen,
                FrameworkUtil.asDictionary(Map.of(Taps.KINDS, kinds, Taps.CAPACITY, CAPACITY)));
    }

    private static long number(String text) {
        try {
            return text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseUnsignedLong(text, 2, text.length(), 16)
                    : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no number; allowed are decimal and 0x...", e);
        }
    }
}
