package io.faultline.smmuv3.internal;

import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The events: which fields of {@link EventRecord} each one has, and what it means. The fields are
 * kept as masks, so that one piece of straight code decodes them all.
 *
 * <p>Source: Arm IHI 0070, 7.3.2 to 7.3.21.
 */
enum EventType {
    F_UUT(
            0x01,
            Reason.UNSUPPORTED,
            Field.SUBSTREAM | Field.ACCESS | Field.INPUT_ADDR,
            "the unit does not support this kind of transaction"),
    C_BAD_STREAMID(
            0x02,
            Reason.BAD_CONFIG,
            Field.SUBSTREAM,
            "the stream table has no entry for this stream"),
    F_STE_FETCH(
            0x03,
            Reason.TABLE_FETCH,
            Field.SUBSTREAM | Field.FETCH_ADDR,
            "the stream table entry could not be read"),
    C_BAD_STE(
            0x04,
            Reason.BAD_CONFIG,
            Field.SUBSTREAM,
            "the stream table entry is invalid or badly programmed"),
    F_BAD_ATS_TREQ(
            0x05,
            Reason.TRANSLATION_BLOCKED,
            Field.SUBSTREAM | Field.INPUT_PAGE,
            "the device may not make ATS translation requests"),
    F_STREAM_DISABLED(
            0x06, Reason.TRANSLATION_BLOCKED, 0, "the stream is disabled for this transaction"),
    F_TRANSL_FORBIDDEN(
            0x07,
            Reason.TRANSLATION_BLOCKED,
            Field.DIRECTION | Field.INPUT_ADDR,
            "the device may not use translated addresses"),
    C_BAD_SUBSTREAMID(
            0x08,
            Reason.PASID_INVALID,
            Field.SUBSTREAM_ALWAYS,
            "the SubstreamID is out of range or not allowed"),
    F_CD_FETCH(
            0x09,
            Reason.PASID_TABLE_FETCH,
            Field.SUBSTREAM | Field.FETCH_ADDR,
            "the context descriptor could not be read"),
    C_BAD_CD(
            0x0a,
            Reason.BAD_PASID_ENTRY,
            Field.SUBSTREAM,
            "the context descriptor is invalid or badly programmed"),
    F_WALK_EABT(
            0x0b,
            Reason.WALK_FETCH,
            Field.SUBSTREAM
                    | Field.ACCESS
                    | Field.STAGE
                    | Field.CLASS
                    | Field.INPUT_ADDR
                    | Field.FETCH_ADDR,
            "a translation table could not be read"),
    F_TRANSLATION(0x10, Reason.NOT_PRESENT, Field.OF_TRANSLATION, "no translation for the address"),
    F_ADDR_SIZE(
            0x11,
            Reason.ADDRESS_SIZE,
            Field.OF_TRANSLATION,
            "an address beyond the supported size"),
    F_ACCESS(0x12, Reason.ACCESS_FLAG, Field.OF_TRANSLATION, "the access flag is clear"),
    F_PERMISSION(0x13, Reason.PERMISSION, Field.OF_TRANSLATION, "the access is not permitted"),
    F_TLB_CONFLICT(
            0x20,
            Reason.CONFLICT,
            Field.SUBSTREAM | Field.ACCESS | Field.STAGE | Field.INPUT_ADDR | Field.IPA,
            "two cached translations contradict each other"),
    F_CFG_CONFLICT(
            0x21,
            Reason.CONFLICT,
            Field.SUBSTREAM,
            "two cached configurations contradict each other"),
    E_PAGE_REQUEST(
            0x24,
            Reason.UNKNOWN,
            Field.SUBSTREAM | Field.INPUT_PAGE,
            "a hint that pages are going to be wanted"),
    F_VMS_FETCH(
            0x25,
            Reason.TABLE_FETCH,
            Field.SUBSTREAM | Field.FETCH_ADDR,
            "the virtual machine structure could not be read"),
    /**
     * 0xE0 to 0xEF. That StreamID and SubstreamID stand in their common places is our rule; Linux
     * prints these events as if they did.
     */
    IMPDEF_EVENT(0xe0, Reason.UNKNOWN, Field.SUBSTREAM, "an event of this implementation's own"),
    /** All other numbers, 0x00 too. */
    RESERVED(0x00, Reason.UNKNOWN, 0, "a reserved event number");

    /** The fields that an event can have. */
    private static final class Field {
        /** SSV and SubstreamID. */
        static final int SUBSTREAM = 1;

        /** SubstreamID, valid whatever stands in the place of SSV. */
        static final int SUBSTREAM_ALWAYS = 1 << 1;

        /** RnW. */
        static final int DIRECTION = 1 << 2;

        /** RnW, InD and PnU. */
        static final int ACCESS = 1 << 3;

        /** S2. */
        static final int STAGE = 1 << 4;

        /** CLASS. */
        static final int CLASS = 1 << 5;

        /** Stall and STAG. */
        static final int STALL = 1 << 6;

        /** InputAddr. */
        static final int INPUT_ADDR = 1 << 7;

        /** InputAddr[63:12]. */
        static final int INPUT_PAGE = 1 << 8;

        /** IPA, valid with S2 = 1. */
        static final int IPA = 1 << 9;

        /** FetchAddr. */
        static final int FETCH_ADDR = 1 << 10;

        static final int OF_TRANSLATION =
                SUBSTREAM | STALL | ACCESS | STAGE | CLASS | INPUT_ADDR | IPA;
    }

    private static final int IMPDEF_COUNT = 16;
    private static final EventType[] BY_NUMBER = byNumber();
    private static final Map<String, EventType> BY_NAME = byName();

    private final int number;
    private final Reason reason;
    private final String meaning;

    /** Bits of {@code w0} of which any says that the SubstreamID is valid. */
    final long substreamValid;

    /** What every record of this event carries, as bits of {@link FaultBits}. */
    final int present;

    /** Which bits of {@link EventRecord#attributes(long)} this event has. */
    final int attributes;

    /** {@link EventRecord#STALL}, or 0: in other events that bit means something else. */
    final long stall;

    /** Which bits of {@code w2} are the input address. */
    final long inputAddress;

    /** Which bits of {@code w3} are the IPA or the fetch address. */
    final long secondAddress;

    /** Whether {@code w1} has the common layout and the event reports a failed transaction. */
    final boolean ordinary;

    EventType(int number, Reason reason, int fields, String meaning) {
        this.number = number;
        this.reason = reason;
        this.meaning = meaning;
        // C_BAD_SUBSTREAMID has no SSV. A bit of its number, which is always set, stands for it.
        this.substreamValid =
                (fields & Field.SUBSTREAM_ALWAYS) != 0
                        ? number
                        : (fields & Field.SUBSTREAM) != 0 ? EventRecord.SSV : 0;
        this.present =
                FaultBits.HAS_REQUESTER
                        | bitsIf(fields, Field.INPUT_ADDR | Field.INPUT_PAGE, FaultBits.HAS_IOVA)
                        | bitsIf(fields, Field.FETCH_ADDR, FaultBits.HAS_FETCH);
        this.attributes =
                bitsIf(fields, Field.DIRECTION, FaultBits.READ | FaultBits.WRITE)
                        | bitsIf(fields, Field.ACCESS, FaultBits.ACCESS_MASK)
                        | bitsIf(fields, Field.STAGE, FaultBits.STAGE_1 | FaultBits.STAGE_2)
                        | bitsIf(fields, Field.CLASS, FaultBits.CLASS_MASK)
                        | bitsIf(fields, Field.IPA, FaultBits.HAS_IPA);
        this.stall = (fields & Field.STALL) != 0 ? EventRecord.STALL : 0;
        this.inputAddress =
                (fields & Field.INPUT_ADDR) != 0
                        ? -1
                        : (fields & Field.INPUT_PAGE) != 0 ? EventRecord.PAGE_MASK : 0;
        this.secondAddress =
                (fields & Field.FETCH_ADDR) != 0
                        ? EventRecord.FETCH_MASK
                        : (fields & Field.IPA) != 0 ? EventRecord.IPA_MASK : 0;
        // 0x00, 0x05 and 0x24: constants of this enum cannot be named here
        this.ordinary = number != 0x00 && number != 0x05 && number != 0x24;
    }

    private static int bitsIf(int fields, int any, int bits) {
        return (fields & any) != 0 ? bits : 0;
    }

    /** The event of a number, 0 to 255; {@link #RESERVED} if it has none. */
    static EventType of(int number) {
        return BY_NUMBER[number & 0xff];
    }

    /** The event that a driver calls by this name, or {@link #RESERVED}. */
    static EventType named(String name) {
        return BY_NAME.getOrDefault(name, RESERVED);
    }

    /** The event number; of IMPDEF events, the first. */
    int number() {
        return number;
    }

    /** Why, in neutral words. */
    Reason reason() {
        return reason;
    }

    /** What it means, as the end of a sentence. */
    String meaning() {
        return meaning;
    }

    /** Whether a transaction that met this event can be stalled. */
    boolean canStall() {
        return stall != 0;
    }

    /** The architecture's name for an event number, or null if it is reserved. */
    static String nameOf(int number) {
        EventType type = of(number);
        return switch (type) {
            case RESERVED -> null;
            case IMPDEF_EVENT -> type.name() + (number - type.number);
            default -> type.name();
        };
    }

    private static EventType[] byNumber() {
        EventType[] types = new EventType[256];
        Arrays.fill(types, RESERVED);
        for (EventType type : values()) {
            types[type.number] = type;
        }
        for (int n = 0; n < IMPDEF_COUNT; n++) {
            types[IMPDEF_EVENT.number + n] = IMPDEF_EVENT;
        }
        return types;
    }

    private static Map<String, EventType> byName() {
        Map<String, EventType> types = new HashMap<>();
        for (EventType type : values()) {
            types.put(type.name(), type);
        }
        types.remove(IMPDEF_EVENT.name());
        return types;
    }
}
