package io.faultline.decode.internal;

import io.faultline.hardware.ResponseEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command {@code encode}. */
@Component(service = ToIntFunction.class, property = "faultline.command=encode")
public final class EncodeCommand implements ToIntFunction<Map<String, Object>> {
    private static final int WRONG_USE = 2;

    private final Decoders decoders;

    /** Called by the component runtime. */
    @Activate
    public EncodeCommand(@Reference Decoders decoders) {
        this.decoders = decoders;
    }

    @Override
    @SuppressWarnings("unchecked") // the launcher's promise
    public int applyAsInt(Map<String, Object> arguments) {
        Caller caller = Caller.of(arguments);
        List<String> files = (List<String>) arguments.get("files");
        String arch = (String) arguments.get("arch");
        ResponseEncoder encoder = decoders.encoder(arch);
        decoders.tellFailures(caller);
        if (encoder == null) {
            caller.say()
                    .accept(
                            "no encoder for "
                                    + arch
                                    + " is installed; there are: "
                                    + String.join(" ", decoders.archs()));
            return WRONG_USE;
        }
        String name = files.isEmpty() ? Inputs.STANDARD_INPUT : files.get(0);
        try (Inputs.Input input =
                Inputs.open(name, caller.in(), () -> flush(caller.out()), Progress.unseen())) {
            return new Encoding(arch, encoder, input, caller).run();
        } catch (OutputFailed e) {
            throw new UncheckedIOException(e); // the launcher looks why
        } catch (IOException e) {
            caller.say().accept(name + ": " + Inputs.problem(e));
            return WRONG_USE;
        }
    }

    private static void flush(OutputStream out) throws OutputFailed {
        try {
            out.flush();
        } catch (IOException e) {
            throw new OutputFailed(e);
        }
    }
}
