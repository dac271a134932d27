package io.faultline.mm.internal;

import io.faultline.fault.Access;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.SpaceBinding;

/**
 * A space as one binding shows it: unbinding ends the calls that came by it, and no others. Equal
 * to the same space by another binding, so that what concerns the space keeps its order.
 */
final class BoundSpace implements AddressSpace {
    private final Space space;
    private final SpaceBinding binding;
    private final Gate gate = new Gate();

    BoundSpace(Space space, SpaceBinding binding) {
        this.space = space;
        this.binding = binding;
    }

    Space space() {
        return space;
    }

    SpaceBinding binding() {
        return binding;
    }

    Gate gate() {
        return gate;
    }

    @Override
    public String name() {
        return space.name();
    }

    @Override
    public int pageBytes() {
        return space.pageBytes();
    }

    @Override
    public FaultInResult faultIn(long address, Access access) {
        return space.faultIn(gate, address, access);
    }

    @Override
    public FaultInResult probe(long address, Access access) {
        return space.probe(gate, address, access);
    }

    @Override
    public boolean mayBlock() {
        return space.mayBlock();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BoundSpace bound && bound.space == space;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(space);
    }
}
