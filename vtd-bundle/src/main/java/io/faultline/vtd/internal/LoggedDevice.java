package io.faultline.vtd.internal;

/**
 * A device as a fault line names it: {@code [02:00.0]}, with the segment since 7.2, with {@code 0x}
 * inside the brackets in 5.14, with two of them at the beginning in old interrupt lines.
 *
 * @param name as written, without brackets and 0x
 * @param requester its requester id, with the segment above it
 */
record LoggedDevice(String name, int requester) {
    /**
     * Reads a device, if one comes next.
     *
     * @return null, with the place where it was, if it is masked, cut or impossible
     */
    static LoggedDevice read(Scan scan) {
        int start = scan.at();
        scan.skip("[");
        scan.skip("[");
        LoggedDevice device = readNumbers(scan);
        if (device == null) {
            scan.at(start);
        }
        return device;
    }

    private static LoggedDevice readNumbers(Scan scan) {
        if (!scan.number()) {
            return null;
        }
        StringBuilder name = new StringBuilder(12).append(scan.digits());
        long segment = 0;
        long bus = scan.hex();
        if (!readPart(":", scan, name)) {
            return null;
        }
        long slot = scan.hex();
        if (readPart(":", scan, name)) {
            segment = bus;
            bus = slot;
            slot = scan.hex();
        }
        if (!readPart(".", scan, name)) {
            return null;
        }
        long function = scan.hex();
        if (segment >>> 16 != 0 || bus >>> 8 != 0 || slot >>> 5 != 0 || function >>> 3 != 0) {
            return null;
        }
        return new LoggedDevice(
                name.toString(), SourceId.of((int) segment, (int) bus, (int) slot, (int) function));
    }

    private static boolean readPart(String separator, Scan scan, StringBuilder name) {
        if (!scan.skip(separator) || !scan.number()) {
            return false;
        }
        name.append(separator).append(scan.digits());
        return true;
    }
}
