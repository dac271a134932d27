package io.faultline.itest.broken;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Never comes to life. */
@Component(name = "broken", immediate = true)
public final class Broken {
    @Activate
    public Broken() {
        throw new IllegalArgumentException("limit=0: allowed are 1 to 5");
    }
}
