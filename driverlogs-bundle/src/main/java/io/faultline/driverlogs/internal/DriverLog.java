package io.faultline.driverlogs.internal;

import io.faultline.log.LineDecoder;
import io.faultline.log.LogsOf;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;

/**
 * Reads the lines of Linux' drivers for IOMMUs that have no bundle of their own, and of Xen's for
 * the SMMUv2. Each report names the architecture it is about.
 */
@Component
@LogsOf(arch = "drivers")
public final class DriverLog implements LineDecoder {
    /** A headline may be lost: the registers of a global fault say all there is. */
    private static final String GLOBAL_REGISTERS = ", GFSYNR0";

    private static final List<String> LITERALS =
            Stream.of(
                            Forms.ALL.stream().map(Form::literal),
                            Stream.of(Dump.Kind.values()).flatMap(kind -> kind.literals.stream()),
                            Stream.of(GLOBAL_REGISTERS),
                            Stream.of(Limit.LITERAL))
                    .flatMap(literals -> literals)
                    .distinct()
                    .toList();

    /** Keeps no state: sessions do. */
    public DriverLog() {}

    @Override
    public List<String> literals() {
        return LITERALS;
    }

    @Override
    public Session open(String source) {
        return new DriverSession();
    }
}
