package io.faultline.testkit;

import io.faultline.fault.Access;
import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.FaultClass;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.StopMarker;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.fault.UnrecoverableFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds faults for tests. A new builder stands for a read at 0x1000 by requester 0x100 without
 * PASID, told by a unit {@code test0} that answers; a test says only what matters to it, and ends
 * with the kind of fault:
 *
 * <pre>{@code
 * Fault fault = new FaultBuilder().unit("smmuv3", "smmu0").iova(0).unrecoverable(Reason.NOT_PRESENT);
 * }</pre>
 *
 * <p>A builder may be used again; each fault is one further in {@link Fault#sequence()}.
 *
 * <p><b>Threads.</b> For one thread.
 */
public final class FaultBuilder {
    private Unit unit = new Unit("test", "test0");
    private String queue = "test";
    private int generation;
    private TimeBase timeBase = TimeBase.BOOT;
    private boolean observed;
    private String deviceName;
    private long time;
    private long sequence = 1;
    private int code = -1;
    private int bits = FaultBits.READ | FaultBits.HAS_REQUESTER | FaultBits.HAS_IOVA;
    private int requester = 0x100;
    private int pasid = Fault.NO_PASID;
    private long iova = 0x1000;
    private long second;
    private long[] raw = new long[4];
    private int rawWords;
    private final List<Long> requests = new ArrayList<>();

    /** A builder with the defaults. */
    public FaultBuilder() {}

    /**
     * Sets the unit.
     *
     * @param arch the architecture's word
     * @param name the unit's name
     * @return this
     */
    public FaultBuilder unit(String arch, String name) {
        unit = new Unit(arch, name);
        return this;
    }

    /**
     * Sets the queue's kind.
     *
     * @param kind its word, for example {@code evtq}
     * @return this
     */
    public FaultBuilder queue(String kind) {
        queue = kind;
        return this;
    }

    /**
     * Sets the unit's generation.
     *
     * @param number raised by each reset
     * @return this
     */
    public FaultBuilder generation(int number) {
        generation = number;
        return this;
    }

    /**
     * Makes the fault one that we are only told about (R18).
     *
     * @return this
     */
    public FaultBuilder observed() {
        observed = true;
        return this;
    }

    /**
     * Sets the device's name.
     *
     * @param name for example {@code 0000:01:00.0}, or null
     * @return this
     */
    public FaultBuilder device(String name) {
        deviceName = name;
        return this;
    }

    /**
     * Sets the time.
     *
     * @param nanos nanoseconds
     * @param base what they count from
     * @return this
     */
    public FaultBuilder time(long nanos, TimeBase base) {
        time = nanos;
        timeBase = base;
        return this;
    }

    /**
     * Sets the number of the next fault.
     *
     * @param number from 1
     * @return this
     */
    public FaultBuilder sequence(long number) {
        sequence = number;
        return this;
    }

    /**
     * Sets the architecture's own number.
     *
     * @param number event, cause or reason
     * @return this
     */
    public FaultBuilder code(int number) {
        code = number;
        return this;
    }

    /**
     * Sets the requester.
     *
     * @param id requester id or StreamID
     * @return this
     */
    public FaultBuilder requester(int id) {
        requester = id;
        return with(FaultBits.HAS_REQUESTER);
    }

    /**
     * Takes the requester away.
     *
     * @return this
     */
    public FaultBuilder noRequester() {
        requester = 0;
        return without(FaultBits.HAS_REQUESTER);
    }

    /**
     * Sets the PASID.
     *
     * @param id 0 to 0xfffff, or {@link Fault#NO_PASID}
     * @return this
     */
    public FaultBuilder pasid(int id) {
        pasid = id;
        return this;
    }

    /**
     * Sets the access.
     *
     * @param rights the rights asked for
     * @return this
     */
    public FaultBuilder access(Access rights) {
        return without(FaultBits.ACCESS_MASK).with(rights.bits());
    }

    /**
     * Sets the address.
     *
     * @param address the I/O virtual address
     * @return this
     */
    public FaultBuilder iova(long address) {
        iova = address;
        return with(FaultBits.HAS_IOVA);
    }

    /**
     * Takes the address away.
     *
     * @return this
     */
    public FaultBuilder noIova() {
        iova = 0;
        return without(FaultBits.HAS_IOVA);
    }

    /**
     * Sets an intermediate physical address.
     *
     * @param address the address
     * @return this
     */
    public FaultBuilder ipa(long address) {
        return second(FaultBits.HAS_IPA, address);
    }

    /**
     * Sets the address of a descriptor whose fetch failed.
     *
     * @param address the address
     * @return this
     */
    public FaultBuilder fetchAddress(long address) {
        return second(FaultBits.HAS_FETCH, address);
    }

    /**
     * Makes the fault a refused interrupt request, which has no address.
     *
     * @param index the index into the interrupt remapping table
     * @return this
     */
    public FaultBuilder interruptIndex(int index) {
        return noIova().second(FaultBits.HAS_INTERRUPT, index);
    }

    /** A fault has one second number, and the bit that says what it is. */
    private FaultBuilder second(int bit, long number) {
        second = number;
        return without(FaultBits.HAS_IPA | FaultBits.HAS_FETCH | FaultBits.HAS_INTERRUPT).with(bit);
    }

    /**
     * Sets the stage.
     *
     * @param number 1 or 2, 0 for "not told"
     * @return this
     */
    public FaultBuilder stage(int number) {
        return without(FaultBits.STAGE_1 | FaultBits.STAGE_2)
                .with(number == 0 ? 0 : number == 1 ? FaultBits.STAGE_1 : FaultBits.STAGE_2);
    }

    /**
     * Sets what was being translated.
     *
     * @param faultClass the class
     * @return this
     */
    public FaultBuilder faultClass(FaultClass faultClass) {
        return without(FaultBits.CLASS_MASK).with(FaultBits.of(faultClass));
    }

    /**
     * Sets further bits of the attribute word.
     *
     * @param more bits of {@link FaultBits}
     * @return this
     */
    public FaultBuilder with(int more) {
        bits |= more;
        return this;
    }

    private FaultBuilder without(int fewer) {
        bits &= ~fewer;
        return this;
    }

    /**
     * Sets the record as reported.
     *
     * @param words up to four words
     * @return this
     */
    public FaultBuilder raw(long... words) {
        rawWords = words.length;
        raw = Arrays.copyOf(words, 4);
        return this;
    }

    /**
     * Adds a request to the next group, before the one that completes it. The last one of a group
     * has the address and access of the builder.
     *
     * @param address its IOVA
     * @param rights its access
     * @return this
     */
    public FaultBuilder request(long address, Access rights) {
        requests.add(address);
        requests.add((long) rights.bits());
        return this;
    }

    /**
     * A transaction that has already failed.
     *
     * @param reason why
     * @return the fault
     */
    public UnrecoverableFault unrecoverable(Reason reason) {
        return Faults.unrecoverable(
                origin(),
                deviceName,
                time,
                sequence++,
                rawWords,
                reason,
                code,
                bits,
                requester,
                pasid,
                iova,
                second,
                raw[0],
                raw[1],
                raw[2],
                raw[3]);
    }

    /**
     * A complete page request group, of as many requests as were {@linkplain #request added} and
     * one more.
     *
     * @param groupIndex its index, 0 to 511
     * @return the group
     */
    public PageRequestGroup pageRequests(int groupIndex) {
        long[] all = null;
        if (!requests.isEmpty()) {
            requests.add(iova);
            requests.add((long) (bits & FaultBits.ACCESS_MASK));
            all = requests.stream().mapToLong(Long::longValue).toArray();
            requests.clear();
        }
        return group(Reason.UNKNOWN, bits | FaultBits.LAST, groupIndex, all);
    }

    /**
     * A stalled transaction.
     *
     * @param reason why it stalled
     * @param tag its tag, 0 to 65535
     * @return the stall: a group of one
     */
    public PageRequestGroup stall(Reason reason, int tag) {
        return group(reason, bits | FaultBits.LAST | FaultBits.STALLED, tag, null);
    }

    private PageRequestGroup group(Reason reason, int attributes, int index, long[] all) {
        return Faults.group(
                origin(),
                deviceName,
                time,
                sequence++,
                rawWords,
                reason,
                code,
                attributes,
                requester,
                pasid,
                index,
                iova,
                second,
                raw[0],
                raw[1],
                raw[2],
                raw[3],
                all);
    }

    /**
     * A speculative hint.
     *
     * @param lengthBytes bytes wanted, 0 if not told
     * @return the hint
     */
    public AccessHint hint(long lengthBytes) {
        return Faults.hint(
                origin(),
                deviceName,
                time,
                sequence++,
                rawWords,
                code,
                bits,
                requester,
                pasid,
                iova,
                lengthBytes,
                raw[0],
                raw[1],
                raw[2],
                raw[3]);
    }

    /**
     * A stop marker: last, with neither read nor write nor an address.
     *
     * @param groupIndex the record's group index
     * @return the marker
     */
    public StopMarker stopMarker(int groupIndex) {
        int attributes = bits & ~(FaultBits.ACCESS_MASK | FaultBits.HAS_IOVA);
        return Faults.stopMarker(
                origin(),
                deviceName,
                time,
                sequence++,
                rawWords,
                attributes | FaultBits.LAST,
                requester,
                pasid,
                groupIndex,
                raw[0],
                raw[1],
                raw[2],
                raw[3]);
    }

    private Origin origin() {
        return new Origin(unit, queue, generation, timeBase, observed);
    }
}
