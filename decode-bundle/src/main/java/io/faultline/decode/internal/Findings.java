package io.faultline.decode.internal;

import java.io.IOException;

/** Takes what was found, in the order of the input. */
@FunctionalInterface
interface Findings {
    /**
     * Takes one finding.
     *
     * @throws IOException if the output cannot be written
     */
    void accept(Finding finding) throws IOException;
}
