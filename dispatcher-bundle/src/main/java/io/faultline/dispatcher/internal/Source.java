package io.faultline.dispatcher.internal;

/**
 * Where a service comes from: for messages, views and order.
 *
 * @param name its own name, or its component's, or its class's
 * @param serviceId its {@code service.id}
 * @param bundle symbolic name of its bundle, or {@code -}
 * @param bundleId its bundle's id, or -1
 */
public record Source(String name, long serviceId, String bundle, long bundleId) {
    /**
     * A service that was registered by hand, in a test or an embedding program.
     *
     * @param name its name
     * @param serviceId its id, unique
     * @return a source without a bundle
     */
    public static Source named(String name, long serviceId) {
        return new Source(name, serviceId, "-", -1);
    }

    /** Whether this is meant by its name, or by its service id in digits. */
    boolean isNamed(String text) {
        return text.equals(name) || text.equals(Long.toString(serviceId));
    }

    /** {@code name (bundle 42)}, as messages name it. */
    @Override
    public String toString() {
        return bundleId < 0 ? name : name + " (bundle " + bundleId + ")";
    }
}
