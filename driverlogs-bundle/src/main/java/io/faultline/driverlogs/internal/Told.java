package io.faultline.driverlogs.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import io.faultline.hardware.KeySink;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.function.Consumer;

/** What is known of one fault, or of a line that belongs to one, while it is read. */
final class Told {
    private static final int NO_CODE = -1;

    private final String arch;
    private String unit;
    private String device;
    private Reason reason = Reason.UNKNOWN;
    private int code = NO_CODE;
    private int attributes;
    private int requester;
    private long iova;
    private boolean truncated;
    private boolean othersLost;
    private Consumer<KeySink> keys = sink -> {};

    Told(String arch) {
        this.arch = arch;
    }

    Told unit(String name) {
        unit = name;
        return this;
    }

    Told device(String name) {
        device = name;
        return this;
    }

    Told reason(Reason why) {
        reason = why;
        return this;
    }

    /** The hardware's own number for it. */
    Told code(long number) {
        code = (int) number;
        return this;
    }

    /** Adds bits of {@link FaultBits}: the access. */
    Told access(int bits) {
        attributes |= bits;
        return this;
    }

    boolean hasAccess() {
        return (attributes & FaultBits.ACCESS_MASK) != 0;
    }

    Told requester(long id) {
        if (id >>> Integer.SIZE == 0) {
            attributes |= FaultBits.HAS_REQUESTER;
            requester = (int) id;
        }
        return this;
    }

    Told address(long address) {
        attributes |= FaultBits.HAS_IOVA;
        iova = address;
        return this;
    }

    /** Something is missing that this line, or these lines, always have. */
    Told truncated() {
        truncated = true;
        return this;
    }

    /** Hardware says that further faults were not recorded. */
    Told othersLost() {
        othersLost = true;
        return this;
    }

    Told key(Consumer<KeySink> more) {
        keys = keys.andThen(more);
        return this;
    }

    Told hex(String key, long value) {
        return key(sink -> sink.hex(key, value));
    }

    Told number(String key, long value) {
        return key(sink -> sink.number(key, value));
    }

    Told text(String key, String value) {
        return key(sink -> sink.text(key, value));
    }

    /** Reports it as a fault that has failed. */
    void fault(LogLine at, LineSink out) {
        if (reason != Reason.UNKNOWN) {
            text("detail", reason.word());
        }
        about(at, out)
                .unrecoverable(
                        reason, code, attributes, requester, Fault.NO_PASID, iova, 0, 0, 0, 0, 0);
        if (othersLost) {
            out.at(at)
                    .unit(arch, unit)
                    .recordsLost("at least one more fault came before this one was read");
        }
    }

    /** Reports it as something that belongs to a neighbouring fault. */
    void detail(LogLine at, LineSink out) {
        knownKeys();
        about(at, out).detail(at.text().strip());
    }

    /** Reports it as something that counts no fault. */
    void status(LogLine at, LineSink out) {
        knownKeys();
        about(at, out).status(at.text().strip());
    }

    /** What is no fault has no keys but those that are given. */
    private void knownKeys() {
        if ((attributes & FaultBits.HAS_REQUESTER) != 0) {
            number("stream", Integer.toUnsignedLong(requester));
        }
        if ((attributes & FaultBits.HAS_IOVA) != 0) {
            hex("addr", iova);
        }
    }

    private LineSink about(LogLine at, LineSink out) {
        out.at(at).unit(arch, unit).device(device).keys(keys);
        return truncated ? out.truncated() : out;
    }
}
