package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import java.util.List;

/** A way to bring faults to handlers, ours or a peer's. For one thread. */
interface Way extends AutoCloseable {
    /** Brings faults to these from now on, and to no others. */
    void to(List<Counting> handlers);

    /** Brings faults to the handlers; returns when all of them have seen all. */
    void run(Fault[] faults);

    @Override
    default void close() {}
}
