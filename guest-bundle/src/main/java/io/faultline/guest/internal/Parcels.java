package io.faultline.guest.internal;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * What a version of this bundle leaves to the next one: a service of the framework itself, since
 * services of ours leave with us. It holds types of the JDK and of fault-api only, so that it does
 * not keep this version's classes; whoever takes the content first has it.
 */
final class Parcels {
    private static final String MARK = "io.faultline.guest.parcel";

    /** Another layout has another number, and is left alone. */
    private static final int VERSION = 2;

    private final BundleContext context;
    private final BundleContext framework;

    Parcels(BundleContext context) {
        this.context = context;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
    }

    /** Whether nobody will come after us. */
    boolean frameworkEnds() {
        return framework == null || framework.getBundle().getState() != Bundle.ACTIVE;
    }

    /** Leaves something for so long. */
    void leave(Map<String, Object> content, int millis) {
        AtomicReference<Map<String, Object>> parcel = new AtomicReference<>(content);
        ServiceRegistration<?> registration =
                framework.registerService(
                        AtomicReference.class,
                        parcel,
                        FrameworkUtil.asDictionary(Map.of(MARK, VERSION)));
        Thread thread = new Thread(() -> expire(registration, millis), "guest-handover");
        thread.setDaemon(true);
        thread.start();
    }

    private static void expire(ServiceRegistration<?> registration, int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // the framework has ended
        }
    }

    /** What was left and nobody has taken; null if there is nothing. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // checked by mark and version
    Map<String, Object> take() {
        try {
            for (ServiceReference<AtomicReference> reference :
                    context.getServiceReferences(
                            AtomicReference.class, "(" + MARK + "=" + VERSION + ")")) {
                AtomicReference<Map<String, Object>> parcel = context.getService(reference);
                Map<String, Object> content = parcel == null ? null : parcel.getAndSet(null);
                if (content != null) {
                    return content;
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a constant filter", e);
        }
        return null;
    }
}
