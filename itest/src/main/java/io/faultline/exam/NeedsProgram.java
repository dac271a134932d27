package io.faultline.exam;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** A test or a class of them that is skipped, and says so, where a program is missing. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsProgram.Condition.class)
public @interface NeedsProgram {
    /**
     * The program.
     *
     * @return a name that is looked for on the PATH
     */
    String value();

    /**
     * Where it comes from.
     *
     * @return the name of Debian's package
     */
    String debianPackage();

    /** Looks for the program. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), NeedsProgram.class)
                    .map(Condition::evaluate)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("it needs no program"));
        }

        private static ConditionEvaluationResult evaluate(NeedsProgram needed) {
            String path = System.getenv().getOrDefault("PATH", "");
            boolean there =
                    Stream.of(path.split(File.pathSeparator, -1))
                            .anyMatch(
                                    folder -> Files.isExecutable(Path.of(folder, needed.value())));
            return there
                    ? ConditionEvaluationResult.enabled(needed.value() + " is there")
                    : ConditionEvaluationResult.disabled(
                            "%s is missing: apt-get install %s"
                                    .formatted(needed.value(), needed.debianPackage()));
        }
    }
}
