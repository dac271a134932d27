package io.faultline.hardware;

import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.GenericReason;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.StopMarker;
import io.faultline.fault.UnrecoverableFault;

/**
 * The keys that every fault has in JSON and on pages, whatever its architecture. A {@link
 * RecordDecoder} adds its own to them. Names and forms are the program's contract and change with a
 * major version only.
 */
public final class FaultKeys {
    private FaultKeys() {}

    /**
     * Gives the common keys: kind, arch, unit, device (if known), stream, pasid, addr, perms, last,
     * grpid, stall, response_expected, and reason and reason_code for what has a reason.
     *
     * <p>{@code response_expected} tells whether this record completes something that the unit
     * expects one answer for, also where we are only told about it.
     *
     * @param fault the fault
     * @param keys takes the keys
     */
    public static void describe(Fault fault, KeySink keys) {
        keys.text("kind", fault.kind().word());
        keys.text("arch", fault.unit().arch());
        keys.text("unit", fault.unit().name());
        if (fault.deviceName() != null) {
            keys.text("device", fault.deviceName());
        }
        describeContent(fault, keys);
    }

    /**
     * Gives the common keys from {@code stream} on: what the record says, not where it comes from.
     * For a record inside another one.
     *
     * @param fault the fault
     * @param keys takes the keys
     */
    public static void describeContent(Fault fault, KeySink keys) {
        number(keys, "stream", fault.hasRequester(), Integer.toUnsignedLong(fault.requester()));
        number(keys, "pasid", fault.pasid() != Fault.NO_PASID, fault.pasid());
        address(keys, "addr", fault.hasIova(), fault.iova());
        keys.words("perms", fault.access().words());
        if (fault instanceof UnrecoverableFault || fault instanceof AccessHint) {
            keys.none("last");
            keys.none("grpid");
        } else {
            keys.flag("last", (fault.attributes() & FaultBits.LAST) != 0);
            keys.number("grpid", Integer.toUnsignedLong(groupIndex(fault)));
        }
        boolean stall = (fault.attributes() & FaultBits.STALLED) != 0;
        keys.flag("stall", stall);
        keys.flag("response_expected", expectsResponse(fault));
        if (stall || fault instanceof UnrecoverableFault) {
            GenericReason reason = fault.reason().generic();
            keys.text("reason", reason.name());
            keys.number("reason_code", reason.code());
        }
    }

    /**
     * Whether a record completes something that the unit expects one answer for.
     *
     * @param fault the fault
     * @return true for a complete group, a stall, and a request with private data (VT-d before 4.0)
     */
    public static boolean expectsResponse(Fault fault) {
        return fault instanceof PageRequestGroup
                && (fault.attributes() & (FaultBits.LAST | FaultBits.PRIVATE_DATA)) != 0;
    }

    /**
     * Gives a number, or says that there is none.
     *
     * @param keys takes the key
     * @param key the key
     * @param present whether the record has it
     * @param value the number
     */
    public static void number(KeySink keys, String key, boolean present, long value) {
        if (present) {
            keys.number(key, value);
        } else {
            keys.none(key);
        }
    }

    /**
     * Gives an address, or says that there is none.
     *
     * @param keys takes the key
     * @param key the key
     * @param present whether the record has it
     * @param value the address
     */
    public static void address(KeySink keys, String key, boolean present, long value) {
        if (present) {
            keys.hex(key, value);
        } else {
            keys.none(key);
        }
    }

    private static int groupIndex(Fault fault) {
        return fault instanceof PageRequestGroup group
                ? group.groupIndex()
                : ((StopMarker) fault).groupIndex();
    }
}
