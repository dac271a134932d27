package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Batch;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;

/**
 * Every call that a lane makes into a plug-in, each in a method that does nothing else. So a stack
 * tells whether a lane is inside a plug-in, and what it called: something stands on top of one of
 * these methods ({@link #whatIsInside}).
 */
final class Calls {
    private static final String HERE = Calls.class.getName();

    /** Our own code that plug-ins call: whoever is in there is back in a moment. */
    private static final String SINK = LaneSink.class.getName();

    private static final String CONTEXT = LaneContext.class.getName();

    private Calls() {}

    /** What a lane calls. The names are those of the methods below. */
    enum What {
        HANDLE("handle"),
        END_OF_BATCH("endOfBatch"),
        NOTICE("notice"),
        DECODE("decode"),
        ENCODE("encode");

        final String method;

        What(String method) {
            this.method = method;
        }

        /** Null for what calls no plug-in: this class being initialized is on a stack, too. */
        static What of(String method) {
            for (What what : values()) {
                if (what.method.equals(method)) {
                    return what;
                }
            }
            return null;
        }
    }

    static Verdict handle(FaultHandler handler, Fault fault, FaultContext context)
            throws Exception {
        return handler.handle(fault, context);
    }

    static void endOfBatch(FaultHandler handler, Batch batch) {
        handler.endOfBatch(batch);
    }

    static void notice(FaultHandler handler, Notice notice) {
        handler.notice(notice);
    }

    static void decode(RecordDecoder decoder, ByteBuffer queue, int at, FaultSink out) {
        decoder.decode(queue, at, out);
    }

    static boolean encode(
            ResponseEncoder encoder, PageRequestGroup group, Response response, ByteBuffer to) {
        return encoder.encode(group, response, to);
    }

    /**
     * What a lane's thread is inside of.
     *
     * @param stack its stack, the innermost call first
     * @return null if it runs our own code at that moment, also where a plug-in called that
     */
    static What whatIsInside(StackTraceElement[] stack) {
        for (int i = 0; i < stack.length; i++) {
            String name = stack[i].getClassName();
            if (name.equals(HERE)) {
                return i == 0 ? null : What.of(stack[i].getMethodName());
            }
            if (name.equals(SINK) || name.equals(CONTEXT)) {
                return null;
            }
        }
        return null;
    }
}
