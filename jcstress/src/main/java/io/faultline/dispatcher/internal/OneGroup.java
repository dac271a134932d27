package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * A dispatcher with one page request group that a handler has taken over, and its unit, decoder and
 * encoder: the scene of {@link OneEndStress}. Its lane is stepped by one actor at a time.
 */
final class OneGroup extends OneRecord implements ResponseEncoder, CommandPort, FaultHandler {
    static final int REQUESTER = 1;
    private static final List<Response> RESPONSES = List.of(Response.values());

    final Dispatcher dispatcher = Dispatcher.stepped(Settings.DEFAULTS, this::nanos, message -> {});

    /** Only the lane, and what steps it, uses these. */
    private long nanos;

    private int generation = 1;
    private int answers;
    private Response answer;

    private Deferral deferral;

    OneGroup() {
        Map<String, ?> decodes = Map.of(Decodes.ARCH, "a", Decodes.QUEUE, "q");
        dispatcher.addDecoder(this, Source.named("decoder", 1), decodes);
        dispatcher.addEncoder(this, Source.named("encoder", 2), Map.of(Decodes.ARCH, "a"));
        dispatcher.addHandler(
                this, Source.named("handler", 3), Map.of(Handles.KINDS, "page_request"));
        dispatcher.addUnit(this, Source.named("unit", 4));
        dispatcher.step();
    }

    private long nanos() {
        return nanos;
    }

    /** By the handler's threads. Returns 1 if it counts. */
    int conclude(Response response) {
        return deferral.conclude(Verdict.handled(response)) ? 1 : 0;
    }

    /** By the lane's actor: the deadline passes. */
    void passDeadline() {
        nanos += 3_600_000_000_000L;
        dispatcher.step();
    }

    /** By the lane's actor: the unit is reset. */
    void reset() {
        generation++;
        dispatcher.step();
    }

    /** By the lane's actor. */
    void removeDevice() {
        dispatcher.control().remove(UNIT, REQUESTER);
        dispatcher.step();
    }

    /** By the lane's actor. */
    void removeHandler() {
        dispatcher.removeHandler(3);
        dispatcher.step();
    }

    /** By the lane's actor: the handler leaves, and another one is offered its group. */
    void offerAgain() {
        FaultHandler next = (fault, context) -> Verdict.handled(Response.FAILURE);
        dispatcher.addHandler(next, Source.named("next", 5), Map.of(Handles.KINDS, "page_request"));
        removeHandler();
    }

    /** By the lane's actor: everything stops. */
    void close() {
        dispatcher.close(Response.INVALID);
    }

    /** What came to the hardware once all is over: nothing, 1 to 3 for one answer, -1 for more. */
    int answered() {
        dispatcher.step();
        dispatcher.close(Response.INVALID);
        if (answers > 1) {
            return -1;
        }
        return answers == 0 ? 0 : 1 + RESPONSES.indexOf(answer);
    }

    // --- the handler

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        deferral = context.defer();
        return Verdict.DEFERRED;
    }

    // --- the unit

    @Override
    public CommandPort port() {
        return this;
    }

    @Override
    public int generation() {
        return generation;
    }

    @Override
    public boolean submit(ByteBuffer command) {
        answers++;
        answer = RESPONSES.get(command.get());
        return true;
    }

    // --- its decoder and encoder

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        int bits = FaultBits.HAS_REQUESTER | FaultBits.LAST | FaultBits.READ;
        out.pageRequest(bits, REQUESTER, Fault.NO_PASID, 0, 0x1000, 0, 0, 0, 0);
    }

    @Override
    public int commandBytes() {
        return 1;
    }

    @Override
    public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
        to.put((byte) RESPONSES.indexOf(response));
        return true;
    }
}
