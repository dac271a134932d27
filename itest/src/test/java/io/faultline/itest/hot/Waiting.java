package io.faultline.itest.hot;

import java.util.concurrent.Callable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Runs, but only once somebody brings it something to run. */
@Component
public final class Waiting implements Runnable {
    private final Callable<?> work;

    @Activate
    public Waiting(@Reference(name = "work") Callable<?> work) {
        this.work = work;
    }

    @Override
    public void run() {
        try {
            work.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
