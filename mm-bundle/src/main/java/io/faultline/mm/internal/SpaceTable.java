package io.faultline.mm.internal;

import io.faultline.fault.Unit;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.Area;
import io.faultline.mm.ManagedSpace;
import io.faultline.mm.ModelledSpace;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceControl;
import io.faultline.mm.SpaceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * All spaces of this bundle, and who uses them. Finding one reads a snapshot; changes are made
 * under this object's lock, waiting for calls to end is done without it.
 */
final class SpaceTable implements SpaceControl, AddressSpaces {
    private static final int MOST_SPACES = 4096;
    private static final int MOST_BINDINGS = 65_536;

    private final Map<String, Space> spaces = new ConcurrentSkipListMap<>();
    private final Consumer<String> log;
    private volatile Bindings bindings = Bindings.NONE;
    private boolean closed;

    /**
     * @param log takes a sentence about a call that was given up
     */
    SpaceTable(Consumer<String> log) {
        this.log = log;
    }

    @Override
    public AddressSpace find(Unit unit, int requester, int pasid, int stage) {
        return bindings.find(unit, requester, pasid, stage);
    }

    @Override
    public ModelledSpace createModelled(String name, SpaceOptions options) {
        Modelled space = new Modelled(name, options);
        add(space);
        return space;
    }

    @Override
    public ManagedSpace createMapped(
            String name, Path file, boolean writable, List<Area> areas, SpaceOptions options)
            throws IOException {
        MappedFile mapped = MappedFile.open(file);
        try {
            Mapped space = new Mapped(name, mapped, writable, areas, options.withMayBlock(true));
            add(space);
            return space;
        } catch (IllegalArgumentException | IllegalStateException e) {
            mapped.close();
            throw e;
        }
    }

    private synchronized void add(Space space) {
        if (closed) {
            throw new IllegalStateException(space.name() + ": address spaces are going away");
        }
        if (space.name().isBlank()) {
            throw new IllegalArgumentException("name: must not be blank");
        }
        if (spaces.size() >= MOST_SPACES) {
            throw new IllegalArgumentException(
                    space.name() + ": there are " + MOST_SPACES + " spaces already");
        }
        if (spaces.putIfAbsent(space.name(), space) != null) {
            throw new IllegalArgumentException(
                    space.name() + ": there is a space of this name already");
        }
    }

    @Override
    public List<ManagedSpace> spaces() {
        return new ArrayList<>(spaces.values());
    }

    @Override
    public ManagedSpace space(String name) {
        return spaces.get(name);
    }

    private Space named(String name) {
        Space space = spaces.get(name);
        if (space == null) {
            throw new IllegalArgumentException(
                    name + ": no such space; there are " + new TreeMap<>(spaces).keySet());
        }
        return space;
    }

    @Override
    public synchronized void bind(String name, SpaceBinding binding) {
        Space space = named(name);
        BoundSpace other = bindings.exactly(binding);
        if (other != null) {
            throw new IllegalArgumentException(
                    BindingText.of(binding) + ": goes to " + other.name() + " already");
        }
        if (bindings.size() >= MOST_BINDINGS) {
            throw new IllegalArgumentException(
                    name + ": there are " + MOST_BINDINGS + " bindings already");
        }
        BoundSpace bound = new BoundSpace(space, binding);
        bindings = bindings.with(bound);
        space.bound(bound); // last: whoever reads it there may count on it
    }

    @Override
    public boolean unbind(String name, SpaceBinding binding) {
        BoundSpace bound;
        Space space;
        synchronized (this) {
            space = named(name);
            bound = bindings.exactly(binding);
            if (bound == null || bound.space() != space) {
                throw new IllegalArgumentException(
                        name + ": is not bound to " + BindingText.of(binding));
            }
            bindings = bindings.without(bound);
            bound.gate().close();
        }
        space.wake();
        boolean quiet = await(space, List.of(bound.gate()));
        space.unbound(bound);
        return quiet;
    }

    @Override
    public boolean destroy(String name) {
        Space space;
        synchronized (this) {
            space = named(name);
            spaces.remove(name);
            bindings = bindings.without(space);
        }
        boolean quiet = await(space, space.close());
        space.release();
        return quiet;
    }

    /** The bundle leaves: calls end at once, saying that the space is going away. */
    void goAway() {
        synchronized (this) {
            closed = true;
        }
        spaces.values().forEach(Space::close);
    }

    /** Nobody asks any more: all spaces are taken down. */
    void close() {
        goAway();
        List.copyOf(spaces.keySet()).forEach(this::destroyIfThere);
    }

    /** Another thread may be faster. */
    boolean destroyIfThere(String name) {
        try {
            return destroy(name);
        } catch (IllegalArgumentException e) {
            return true; // that is what was asked for
        }
    }

    private boolean await(Space space, List<Gate> gates) {
        long deadline = System.nanoTime() + Gate.LONGEST_WAIT_NANOS;
        for (Gate gate : gates) {
            if (!gate.awaitEmpty(deadline)) {
                log.accept(
                        "mm: a call is still at work on a page of "
                                + space.name()
                                + " 4 s after the space was unbound: it is given up");
                return false;
            }
        }
        return true;
    }
}
