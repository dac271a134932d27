package io.faultline.guest.internal;

import java.util.function.Consumer;

/** What was taken out of a claim's queue at once. One thread uses it. */
final class Taken implements Consumer<Held> {
    static final int MOST = 64;

    private final Held[] held = new Held[MOST];
    private int count;
    private int records;

    void clear() {
        count = 0;
        records = 0;
    }

    @Override
    public void accept(Held one) {
        held[count++] = one;
        records += one.records;
    }

    Held get(int i) {
        Held one = held[i];
        held[i] = null; // else it would be kept until the next time
        return one;
    }

    int count() {
        return count;
    }

    /** The places that they had. */
    int records() {
        return records;
    }
}
