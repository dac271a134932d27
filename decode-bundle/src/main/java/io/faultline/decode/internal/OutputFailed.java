package io.faultline.decode.internal;

import java.io.IOException;

/** The output cannot be written, which is not to be blamed on the input that is being read. */
final class OutputFailed extends IOException {
    private static final long serialVersionUID = 1;

    OutputFailed(IOException cause) {
        super(cause);
    }
}
