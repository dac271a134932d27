package io.faultline.mm.internal;

import io.faultline.mm.Area;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.ModelledSpace;
import io.faultline.mm.ScriptedFault;
import io.faultline.mm.SpaceOptions;
import java.util.List;

/** A space without contents: bringing a page in is a bit in its page table. */
final class Modelled extends Space implements ModelledSpace {
    private volatile Scripts scripts = Scripts.NONE;

    Modelled(String name, SpaceOptions options) {
        super(name, options);
    }

    @Override
    public void add(Area area) {
        addAreas(List.of(area));
    }

    @Override
    public boolean remove(long start) {
        return removeArea(start);
    }

    @Override
    public int load(String maps) {
        List<Area> areas = MapsText.parse(maps);
        addAreas(areas);
        return areas.size();
    }

    @Override
    public synchronized void script(List<ScriptedFault> changed) {
        if (!mayBlock() && changed.stream().anyMatch(ScriptedFault::blocks)) {
            throw new IllegalArgumentException(
                    name() + ": was made as a space that does not block; no script may block it");
        }
        Scripts before = scripts;
        scripts = changed.isEmpty() ? Scripts.NONE : new Scripts(changed);
        before.replaced();
    }

    @Override
    FaultInResult disturbance(Gate gate, long address) {
        Scripts present = scripts;
        while (present != Scripts.NONE) {
            ScriptedFault script = present.next(address);
            if (script == null || !script.blocks()) {
                return script == null ? null : script.result();
            }
            present = awaitOthers(present, gate);
            if (present == null) {
                return FaultInResult.GOING_AWAY;
            }
        }
        return null;
    }

    /** Returns the scripts in their place, or null if the call has to end. */
    private Scripts awaitOthers(Scripts blocking, Gate gate) {
        Scripts present = blocking;
        try {
            // whoever closes the gate does so before these scripts are replaced, or found them
            while (present.areThoseOf(blocking) && !gate.isClosed()) {
                present.awaitReplaced();
                present = scripts;
            }
            return gate.isClosed() ? null : present;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** A call that would only wait ends as the area says. */
    @Override
    FaultInResult expectedDisturbance(long address) {
        ScriptedFault script = scripts.peek(address);
        return script == null || script.blocks() ? null : script.result();
    }

    /** Those who were let in by a gate that is open meet the same scripts again, and wait on. */
    @Override
    synchronized void wake() {
        Scripts before = scripts;
        scripts = before.again();
        before.replaced();
    }
}
