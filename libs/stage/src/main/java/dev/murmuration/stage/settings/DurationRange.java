package dev.murmuration.stage.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The shortest and the longest duration that a setting may have, both included. Bean Validation has no such constraint of its own. */
@Target({ElementType.METHOD, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface DurationRange {

    /** Minimum, in milliseconds. */
    long min() default 0;

    /** Maximum, in milliseconds. */
    long max() default Long.MAX_VALUE;
}
