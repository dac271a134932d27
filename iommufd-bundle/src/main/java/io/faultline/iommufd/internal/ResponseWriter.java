package io.faultline.iommufd.internal;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.hardware.Encodes;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/** Writes answers as {@link PageResponse} draws them: a group is named by its cookie alone. */
@Component
@Encodes(arch = Iommufd.ARCH)
public final class ResponseWriter implements ResponseEncoder {
    /** Keeps no state. */
    public ResponseWriter() {}

    @Override
    public int commandBytes() {
        return PageResponse.BYTES;
    }

    @Override
    public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
        int cookie = PageFault.cookie(group);
        if (cookie == 0 || response == Response.FAILURE) {
            return false;
        }
        to.putInt(cookie).putInt(response == Response.SUCCESS ? 0 : 1);
        return true;
    }
}
