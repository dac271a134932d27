package io.faultline.testkit;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;

/** Encodes answers for architectures that a test brings no encoder for. The port keeps them. */
final class BuiltAnswers implements ResponseEncoder {
    @Override
    public int commandBytes() {
        return Long.BYTES;
    }

    @Override
    public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
        to.putLong(group.groupIndex());
        return true;
    }
}
