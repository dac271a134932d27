package io.faultline.mm.internal;

import io.faultline.fault.Access;
import io.faultline.fault.FaultBits;
import io.faultline.mm.Area;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.SpaceOptions;
import java.io.IOException;
import java.util.List;

/**
 * A space whose pages are those of a file. Each fault-in touches its page, also one that was
 * resident before: the operating system may have taken it out again, and tells nobody.
 */
final class Mapped extends Space {
    private static final int READ_EXECUTE = FaultBits.READ | FaultBits.EXEC;

    private final MappedFile file;
    private final boolean writable;

    /**
     * @param writable whether areas may grant writes
     * @param areas empty for the whole file from address 0
     * @throws IllegalArgumentException if an area shows more than the file has
     */
    Mapped(String name, MappedFile file, boolean writable, List<Area> areas, SpaceOptions options) {
        super(name, options);
        this.file = file;
        this.writable = writable;
        List<Area> shown = areas.isEmpty() ? List.of(whole(options)) : areas;
        shown.forEach(area -> check(area, options));
        addAreas(shown.stream().map(this::withinMode).toList());
    }

    private Area whole(SpaceOptions options) {
        long pageBytes = options.pageBytes();
        long length = (file.sizeBytes() + pageBytes - 1) & -pageBytes;
        Access all = Access.of(READ_EXECUTE | FaultBits.WRITE);
        return new Area(0, length, all, Area.Backing.SHARED, 0, "");
    }

    /** The last page may be a part of one. */
    private void check(Area area, SpaceOptions options) {
        long pageBytes = options.pageBytes();
        boolean aligned = area.offset() % pageBytes == 0;
        long lastPage = area.lengthBytes() - pageBytes;
        if (!aligned || area.offset() > file.sizeBytes() - 1 - Math.max(0, lastPage)) {
            throw new IllegalArgumentException(
                    ("area 0x%x, 0x%x bytes at offset 0x%x: must begin at a multiple of %d bytes"
                                    + " and end within the %d bytes of the file")
                            .formatted(
                                    area.start(),
                                    area.lengthBytes(),
                                    area.offset(),
                                    pageBytes,
                                    file.sizeBytes()));
        }
    }

    /** Writes are granted if the space is made so. */
    private Area withinMode(Area area) {
        int mode = writable ? FaultBits.ACCESS_MASK : READ_EXECUTE | FaultBits.PRIV;
        return new Area(
                area.start(),
                area.lengthBytes(),
                Access.of(area.rights().bits() & mode),
                Area.Backing.SHARED,
                area.offset(),
                area.name());
    }

    @Override
    FaultInResult bringIn(Area area, long address, Access access) {
        try {
            return file.touch(offset(area, address)) ? null : FaultInResult.IO_ERROR;
        } catch (IOException e) {
            return isClosed() ? FaultInResult.GOING_AWAY : FaultInResult.IO_ERROR;
        }
    }

    @Override
    FaultInResult expectedObstacle(Area area, long address) {
        try {
            return file.has(offset(area, address)) ? null : FaultInResult.IO_ERROR;
        } catch (IOException e) {
            return isClosed() ? FaultInResult.GOING_AWAY : FaultInResult.IO_ERROR;
        }
    }

    private long offset(Area area, long address) {
        return area.offset() + ((address - area.start()) & -(long) pageBytes());
    }

    @Override
    void release() {
        file.close();
    }
}
