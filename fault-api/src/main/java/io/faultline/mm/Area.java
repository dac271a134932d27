package io.faultline.mm;

import io.faultline.fault.Access;
import java.util.Objects;

/**
 * A range of addresses of a space with rights of its own; what Linux calls a virtual memory area.
 *
 * @param start the first address, unsigned
 * @param lengthBytes its length, 1 to {@link #LONGEST}; the last address is at most 2^64 - 1
 * @param rights what it grants. With {@link Access#isPrivileged()} only privileged accesses are let
 *     in; privileged ones are let in everywhere. {@link Access#NONE} makes a <em>guard area</em>,
 *     which refuses every access
 * @param backing where its pages come from
 * @param offset where it begins in a file, in bytes; not negative, 0 without one
 * @param name what is mapped, for people; may be empty
 */
public record Area(
        long start, long lengthBytes, Access rights, Backing backing, long offset, String name) {
    /** The longest area: 2^57 bytes, what five levels of page tables reach. */
    public static final long LONGEST = 1L << 57;

    /** Where pages come from. */
    public enum Backing {
        /** Filled with zeros when first touched; a read alone shares one page of zeros. */
        DEMAND_ZERO,
        /** Shared for reading, copied by the first write. */
        COPY_ON_WRITE,
        /** Shared with everybody who maps the same. */
        SHARED
    }

    /**
     * Checks it.
     *
     * @param start any
     * @param lengthBytes 1 to 2^57
     * @param rights not null
     * @param backing not null
     * @param offset not negative
     * @param name not null
     * @throws IllegalArgumentException names the value and what is allowed
     */
    public Area {
        Objects.requireNonNull(rights, "rights");
        Objects.requireNonNull(backing, "backing");
        Objects.requireNonNull(name, "name");
        if (lengthBytes <= 0 || lengthBytes > LONGEST) {
            throw new IllegalArgumentException(
                    "lengthBytes=" + lengthBytes + ": allowed are 1 to 2^57");
        }
        if (Long.compareUnsigned(start + lengthBytes - 1, start) < 0) {
            throw new IllegalArgumentException(
                    "start=0x%x, lengthBytes=0x%x: ends beyond 2^64".formatted(start, lengthBytes));
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset=" + offset + ": must not be negative");
        }
    }

    /**
     * An area of anonymous memory.
     *
     * @param start the first address
     * @param lengthBytes its length
     * @param rights what it grants
     * @return filled with zeros on demand, without a name
     */
    public static Area demandZero(long start, long lengthBytes, Access rights) {
        return new Area(start, lengthBytes, rights, Backing.DEMAND_ZERO, 0, "");
    }

    /**
     * The last address.
     *
     * @return inclusive, unsigned
     */
    public long last() {
        return start + lengthBytes - 1;
    }

    /**
     * Whether an address is in it.
     *
     * @param address unsigned
     * @return true if it is
     */
    public boolean contains(long address) {
        return Long.compareUnsigned(address - start, lengthBytes) < 0;
    }

    /**
     * Whether it refuses every access.
     *
     * @return true if it grants neither read nor write nor execute
     */
    public boolean isGuard() {
        return !rights.isRead() && !rights.isWrite() && !rights.isExecute();
    }
}
