package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.faultline.fault.Fault;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultContext;
import io.faultline.handler.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingHandlerTest {
    private static final Failure EARLIER = new Failure("io-pgfault", 7, "no space", null);

    private final Fault fault = new FaultBuilder().unrecoverable(Reason.NOT_PRESENT);
    private final Deferral deferral = new Concluded();

    /** A deferral that is over. */
    private static final class Concluded implements Deferral {
        @Override
        public boolean conclude(Verdict verdict) {
            return false;
        }

        @Override
        public long deadlineNanos() {
            return 0;
        }

        @Override
        public boolean cancelled() {
            return true;
        }
    }

    private final FaultContext context =
            new FaultContext() {
                @Override
                public List<Failure> failures() {
                    return List.of(EARLIER);
                }

                @Override
                public Deferral defer() {
                    return deferral;
                }

                @Override
                public int lane() {
                    return 0;
                }

                @Override
                public boolean shadow() {
                    return false;
                }

                @Override
                public long nanos() {
                    return 0;
                }
            };

    @Test
    void followsItsScriptAndStaysAtItsEnd() throws Exception {
        RecordingHandler handler =
                new RecordingHandler(Verdict.PASSED, Verdict.handled(Response.SUCCESS));

        assertSame(Verdict.PASSED, handler.handle(fault, context));
        assertSame(Verdict.handled(Response.SUCCESS), handler.handle(fault, context));
        assertSame(Verdict.handled(Response.SUCCESS), handler.handle(fault, context));

        assertEquals(List.of(fault, fault, fault), handler.faults());
        assertEquals(List.of(EARLIER), handler.failures().get(2));
    }

    @Test
    void passesWithoutAScript() throws Exception {
        assertSame(Verdict.PASSED, new RecordingHandler().handle(fault, context));
    }

    @Test
    void takesOverWhatItDefers() throws Exception {
        RecordingHandler handler = new RecordingHandler(Verdict.DEFERRED);

        assertSame(Verdict.DEFERRED, handler.handle(fault, context));

        assertEquals(List.of(deferral), handler.deferrals());
    }

    @Test
    void keepsTheFaultThatItThrowsAt() {
        RecordingHandler handler =
                RecordingHandler.doing(
                        (f, c) -> {
                            throw new IOException("disk");
                        });

        assertThrows(IOException.class, () -> handler.handle(fault, context));

        assertEquals(List.of(fault), handler.faults());
    }

    @Test
    void aTickerMovesForwardOnly() {
        ManualTicker ticker = new ManualTicker(Long.MAX_VALUE);

        assertEquals(Long.MIN_VALUE, ticker.advanceNanos(1), "as System.nanoTime, it may wrap");
        assertEquals(Long.MIN_VALUE + 1000, ticker.advance(Duration.ofNanos(1000)));
        assertEquals(Long.MIN_VALUE + 1000, ticker.nanos());
        assertThrows(IllegalArgumentException.class, () -> ticker.advanceNanos(-1));
    }
}
