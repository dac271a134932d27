package io.faultline.dispatcher.internal;

import io.faultline.handler.Ticker;

/** What lanes need of the dispatcher. */
interface Core {
    /** The snapshot in force. */
    Snapshot snapshot();

    Ticker ticker();

    Messages messages();
}
