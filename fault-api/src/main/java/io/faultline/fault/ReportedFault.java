package io.faultline.fault;

import java.util.Objects;

/**
 * What all faults store. One object of 104 bytes holds a fault and its record: between record and
 * verdict nothing else is allocated.
 */
abstract class ReportedFault {
    /** Bits of the attribute word that hold the number of raw words; decoders never see them. */
    private static final int WORDS_SHIFT = 28;

    private final Origin origin;
    private final String deviceName;
    private final Reason reason;
    private final int attributes;
    private final int code;
    private final int requester;
    private final int pasid;
    private final long time;
    private final long sequence;
    private final long iova;
    private final long second;
    private final long w0;
    private final long w1;
    private final long w2;
    private final long w3;

    ReportedFault(
            Origin origin,
            String deviceName,
            long time,
            long sequence,
            int rawWords,
            Reason reason,
            int code,
            int attributes,
            int requester,
            int pasid,
            long iova,
            long second,
            long w0,
            long w1,
            long w2,
            long w3) {
        this.origin = origin;
        this.deviceName = deviceName;
        this.time = time;
        this.sequence = sequence;
        this.reason = reason;
        this.code = code;
        this.attributes = (attributes & ~(0xf << WORDS_SHIFT)) | (rawWords << WORDS_SHIFT);
        this.requester = requester;
        this.pasid = pasid;
        this.iova = iova;
        this.second = second;
        this.w0 = w0;
        this.w1 = w1;
        this.w2 = w2;
        this.w3 = w3;
    }

    /** {@return where it comes from} */
    public final Origin origin() {
        return origin;
    }

    /** {@return the device's name, or null} */
    public final String deviceName() {
        return deviceName;
    }

    /** {@return whether the requester is known} */
    public final boolean hasRequester() {
        return is(FaultBits.HAS_REQUESTER);
    }

    /** {@return the requester, or 0} */
    public final int requester() {
        return requester;
    }

    /** {@return the PASID, or {@link Fault#NO_PASID}} */
    public final int pasid() {
        return pasid;
    }

    /** {@return the access; of a group, of its last request} */
    public final Access access() {
        return Access.of(attributes);
    }

    /** {@return whether the IOVA is known} */
    public final boolean hasIova() {
        return is(FaultBits.HAS_IOVA);
    }

    /** {@return the IOVA, or 0} */
    public final long iova() {
        return iova;
    }

    /** {@return why, in neutral words} */
    public final Reason reason() {
        return reason;
    }

    /** {@return the architecture's own number, or -1} */
    public final int code() {
        return code;
    }

    /** {@return 1, 2, or 0 if not told} */
    public final int stage() {
        return is(FaultBits.STAGE_2) ? 2 : is(FaultBits.STAGE_1) ? 1 : 0;
    }

    /** {@return what was being translated} */
    public final FaultClass faultClass() {
        return FaultClass.of(attributes);
    }

    /** {@return when, in nanoseconds of the origin's time base} */
    public final long time() {
        return time;
    }

    /** {@return its number in its source, from 1} */
    public final long sequence() {
        return sequence;
    }

    /** {@return bits of {@link FaultBits}} */
    public final int attributes() {
        return attributes & ~(0xf << WORDS_SHIFT);
    }

    /** {@return how many words of the record are kept} */
    public int rawWords() {
        return attributes >>> WORDS_SHIFT;
    }

    /**
     * A word of the record.
     *
     * @param word from 0
     * @return the word
     */
    public long raw(int word) {
        return switch (Objects.checkIndex(word, rawWords())) {
            case 0 -> w0;
            case 1 -> w1;
            case 2 -> w2;
            default -> w3;
        };
    }

    final boolean is(int bit) {
        return (attributes & bit) != 0;
    }

    /** IPA, fetch address, interrupt index or length: what each kind keeps beside the IOVA. */
    final long second() {
        return second;
    }

    final long word2() {
        return w2;
    }

    final long word3() {
        return w3;
    }

    /** {@code kind unit requester pasid address access}: enough to recognise it in a message. */
    @Override
    public final String toString() {
        StringBuilder text = new StringBuilder(96);
        text.append(origin.unit().name()).append(' ').append(origin.queue());
        text.append(" #").append(sequence).append(' ').append(getClass().getSimpleName());
        if (deviceName != null) {
            text.append(' ').append(deviceName);
        }
        if (hasRequester()) {
            text.append(" requester=0x").append(Integer.toHexString(requester));
        }
        if (pasid != Fault.NO_PASID) {
            text.append(" pasid=0x").append(Integer.toHexString(pasid));
        }
        if (hasIova()) {
            text.append(" iova=0x").append(Long.toHexString(iova));
        }
        return text.append(' ').append(access()).append(' ').append(reason).toString();
    }
}
