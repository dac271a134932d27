package io.faultline.dispatcher.internal;

import io.faultline.handler.Ticker;

/** What lanes need of the dispatcher. */
interface Core {
    /** The snapshot in force. */
    Snapshot snapshot();

    Ticker ticker();

    Messages messages();

    /** A plug-in has gone into quarantine: the next snapshot is without it. From any thread. */
    void quarantined(Source source, Standing standing);

    /** A call that was given up has returned; its thread ends. */
    void returned(GivenUpCall call);
}
