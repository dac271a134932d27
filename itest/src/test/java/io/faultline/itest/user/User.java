package io.faultline.itest.user;

import io.faultline.itest.shared.Shared;

/** Uses it. */
public final class User {
    private User() {}

    /** The class as this bundle sees it. */
    public static Class<?> used() {
        return Shared.class;
    }
}
