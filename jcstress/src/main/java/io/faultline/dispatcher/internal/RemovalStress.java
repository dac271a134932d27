package io.faultline.dispatcher.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import java.nio.ByteBuffer;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The argument of {@link LaneEpoch}: once {@link Dispatcher#removeHandler} has returned, no call
 * into the handler is running and none begins. One actor is the lane, the other removes.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "removed before the lane came to it")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "called, and the removal waited for the call")
@Outcome(expect = FORBIDDEN, desc = "called after its removal had returned")
@State
public class RemovalStress {
    private static final long HANDLER = 7;

    /** Whether a call lasted beyond the limit: nothing is promised then (R6). */
    private volatile boolean gaveUp;

    private final Watcher handler = new Watcher();
    private final Dispatcher dispatcher = dispatcher();

    private Dispatcher dispatcher() {
        Dispatcher fresh =
                Dispatcher.stepped(
                        Settings.DEFAULTS,
                        System::nanoTime,
                        message -> gaveUp = gaveUp || message.contains("has not let go"));
        OneRecord one = new Unrecoverable();
        fresh.addDecoder(
                one, Source.named("decoder", 1), Map.of(Decodes.ARCH, "a", Decodes.QUEUE, "q"));
        fresh.addHandler(
                handler, Source.named("handler", HANDLER), Map.of(Handles.KINDS, "unrecoverable"));
        fresh.addUnit(one, Source.named("unit", 2));
        return fresh;
    }

    /** The lane: reads one record and offers it. */
    @Actor
    public void lane(II_Result r) {
        dispatcher.step();
        r.r1 = handler.calls;
        r.r2 = handler.callsAfterItLeft;
    }

    /** Takes the handler out; what follows is what DS does: it deactivates it. */
    @Actor
    public void remover() {
        dispatcher.removeHandler(HANDLER);
        handler.left = !gaveUp;
    }

    /** Counts its calls, and those that end after it has left. */
    private static final class Watcher implements FaultHandler {
        volatile boolean left;
        int calls;
        int callsAfterItLeft;

        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            calls++;
            for (int i = 0; i < 3; i++) {
                if (left) {
                    callsAfterItLeft = 1;
                }
                Thread.onSpinWait();
            }
            return Verdict.HANDLED;
        }
    }

    /** A record of a fault that has already failed. */
    private static final class Unrecoverable extends OneRecord {
        @Override
        public CommandPort port() {
            return command -> true;
        }

        @Override
        public void decode(ByteBuffer queue, int at, FaultSink out) {
            out.unrecoverable(
                    Reason.NOT_PRESENT, 0, FaultBits.HAS_REQUESTER, 1, -1, 0, 0, 0, 0, 0, 0);
        }
    }
}
