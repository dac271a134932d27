package io.faultline.testkit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;

/** Reads service properties from annotations such as {@code @Handles}, as the build does. */
final class ServiceProperties {
    private static final String PREFIX = "PREFIX_";

    private ServiceProperties() {}

    /**
     * The properties that a class's annotations give.
     *
     * @throws IllegalArgumentException if the class lacks the one annotation that it must have
     */
    static Map<String, Object> of(Class<?> type, Class<? extends Annotation> needed) {
        if (!type.isAnnotationPresent(needed)) {
            throw new IllegalArgumentException(
                    type.getName()
                            + " has no @"
                            + needed.getSimpleName()
                            + "; annotate it, or give its service properties");
        }
        Map<String, Object> properties = new HashMap<>();
        for (Annotation annotation : type.getAnnotations()) {
            try {
                add(annotation, properties);
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(type.getName() + ": " + annotation, e);
            }
        }
        return properties;
    }

    /** A component property type says by its prefix what its members are called. */
    private static void add(Annotation annotation, Map<String, Object> properties)
            throws ReflectiveOperationException {
        Class<? extends Annotation> type = annotation.annotationType();
        if (!hasPrefix(type)) {
            return;
        }
        String prefix = (String) type.getField(PREFIX).get(null);
        for (Method member : type.getDeclaredMethods()) {
            properties.put(prefix + member.getName(), member.invoke(annotation));
        }
    }

    private static boolean hasPrefix(Class<?> type) {
        for (var field : type.getFields()) {
            if (field.getName().equals(PREFIX)) {
                return true;
            }
        }
        return false;
    }
}
