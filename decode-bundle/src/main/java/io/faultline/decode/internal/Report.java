package io.faultline.decode.internal;

import java.io.IOException;

/** A form in which findings are written. */
interface Report extends Findings {
    /** Writes what is kept back, since nothing may come for a while. */
    void settle() throws IOException;

    /** Writes what stands at the end. */
    void finish() throws IOException;
}
