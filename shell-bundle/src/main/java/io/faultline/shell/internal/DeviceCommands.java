package io.faultline.shell.internal;

import io.faultline.fault.Fault;
import io.faultline.platform.DeviceControl;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The commands that do something with a device. */
@Component(service = DeviceCommands.class)
@GogoCommand(
        scope = Scope.NAME,
        function = {"block", "fail", "flush", "remove", "unblock"})
public final class DeviceCommands {
    private static final int DEFAULT_LIMIT_MILLIS = 10_000;

    /** What is waited for beyond the limit: handlers that have to let go, then a little more. */
    private static final long PATIENCE_MILLIS = 10_000;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile DeviceControl control;

    /** Called by DS, which sets the reference. */
    @Activate
    public DeviceCommands() {}

    DeviceCommands(DeviceControl control) {
        this.control = control;
    }

    @Descriptor("waits until nothing of a device is under way; stop the device first")
    public void flush(
            @Descriptor("the unit's name") String unit,
            @Descriptor("256, 0x100 or 01:00.0") String device) {
        flush(unit, device, "all");
    }

    @Descriptor("waits until nothing of a device and PASID is under way; stop the device first")
    public void flush(
            @Descriptor("the unit's name") String unit,
            @Descriptor("256, 0x100 or 01:00.0") String device,
            @Descriptor("a PASID, 'none' or 'all'") String pasid) {
        flush(unit, device, pasid, DEFAULT_LIMIT_MILLIS);
    }

    @Descriptor("the same; what is unanswered at the limit is answered INVALID")
    public void flush(
            @Descriptor("the unit's name") String unit,
            @Descriptor("256, 0x100 or 01:00.0") String device,
            @Descriptor("a PASID, 'none' or 'all'") String pasid,
            @Descriptor("the limit in milliseconds") int limitMillis) {
        int which = pasid(pasid);
        DeviceControl.Result result =
                done(limitMillis, c -> c.flush(unit, Cells.device(device), which, limitMillis));
        if (result != null) {
            Scope.print("flushed: " + text(result, "answered INVALID at the limit"));
        }
    }

    private static int pasid(String text) {
        if (text.equals("all")) {
            return DeviceControl.ALL_PASIDS;
        }
        if (text.equals("none")) {
            return Fault.NO_PASID;
        }
        try {
            int pasid = Integer.decode(text);
            if (pasid >= 0 && pasid <= 0xf_ffff) {
                return pasid;
            }
        } catch (NumberFormatException e) {
            // refused below, like a number out of range
        }
        throw new IllegalArgumentException(
                "pasid=" + text + ": allowed are 0 to 0xfffff, none and all");
    }

    @Descriptor("withdraws all that is under way of a device that is gone")
    public void remove(
            @Descriptor("the unit's name") String unit,
            @Descriptor("256, 0x100 or 01:00.0") String device) {
        DeviceControl.Result result = done(0, c -> c.remove(unit, Cells.device(device)));
        if (result != null) {
            Scope.print("removed: " + text(result, "withdrawn"));
        }
    }

    @Descriptor("asks handlers about nothing of a device: its page requests are answered INVALID")
    public void block(
            @Descriptor("the unit's name") String unit,
            @Descriptor("256, 0x100 or 01:00.0") String device) {
        say(device, "is blocked", (c, requester) -> c.block(unit, requester));
    }

    @Descriptor("asks handlers about a device again")
    public void unblock(
            @Descriptor("the unit's name") String unit,
            @Descriptor("256, 0x100 or 01:00.0") String device) {
        say(device, "is not blocked", (c, requester) -> c.unblock(unit, requester));
    }

    @Descriptor("answers Response Failure: shuts the page requests of a function down")
    public void fail(
            @Descriptor("the unit's name") String unit,
            @Descriptor("256, 0x100 or 01:00.0") String device) {
        say(
                device,
                "and its virtual functions: page requests are shut down",
                (c, requester) -> c.fail(unit, requester));
    }

    private void say(
            String device,
            String what,
            BiFunction<DeviceControl, Integer, CompletionStage<DeviceControl.Result>> call) {
        int requester = Cells.device(device);
        DeviceControl.Result result = done(0, c -> call.apply(c, requester));
        if (result != null) {
            Scope.print(
                    Cells.requester(requester)
                            + " "
                            + what
                            + (result.ended() == 0
                                    ? ""
                                    : "; " + Cells.count(result.ended()) + " groups ended"));
        }
    }

    /** Waits for the lanes; null if there is no platform, which is said. */
    private DeviceControl.Result done(
            long limitMillis, Function<DeviceControl, CompletionStage<DeviceControl.Result>> call) {
        DeviceControl present = control;
        if (present == null) {
            Scope.print(Scope.NO_PLATFORM);
            return null;
        }
        try {
            return call.apply(present)
                    .toCompletableFuture()
                    .get(limitMillis + PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: it goes on by itself", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "a lane has not answered: see faultline:health; it goes on by itself", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static String text(DeviceControl.Result result, String ended) {
        StringBuilder text = new StringBuilder();
        text.append(Cells.count(result.ended())).append(" groups ").append(ended);
        text.append(", ").append(Cells.count(result.discarded()));
        text.append(" requests of incomplete groups discarded");
        if (result.unread() > 0) {
            text.append(", ").append(Cells.count(result.unread())).append(" records not read");
        }
        if (result.held() > 0) {
            text.append(", ").append(Cells.count(result.held()));
            text.append(" groups still held by handlers");
        }
        return text
                + (result.isQuiet()
                        ? "; nothing is under way"
                        : "; NOT quiet: do not use its PASIDs for anything else");
    }
}
