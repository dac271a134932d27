package io.faultline.itest.misranked;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import org.osgi.service.component.annotations.Component;

/** Means to be first, but its ranking is a text, as it is when nobody says {@code :Integer}. */
@Component(property = "service.ranking=1000")
@Handles(kinds = "unrecoverable")
public final class Misranked implements FaultHandler {
    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        return Verdict.HANDLED;
    }
}
