package io.faultline.exam;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class whose methods run inside a bundle of a real framework, one framework for the class.
 * A static method with Pax Exam's {@code @Configuration} says what else is in it; see {@link
 * Bundles}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PaxExamExtension.class)
public @interface PaxExamTest {}
