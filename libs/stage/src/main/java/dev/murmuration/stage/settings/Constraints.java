package dev.murmuration.stage.settings;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The constraints of Bean Validation that settings use, with {@link DurationRange}. An annotation of Bean Validation that is not
 * one of these is an error of the program: it would be ignored otherwise.
 */
final class Constraints {

    private static final String BEAN_VALIDATION = "jakarta.validation";

    private @Nullable Bound min;
    private @Nullable Bound max;
    private @Nullable String violated;

    private Constraints() {}

    /** A limit, as it is written, and whether it is allowed itself. */
    private record Bound(String text, boolean inclusive) {

        /** Whether a number on the right side of this limit ({@code side} 1: above it) is allowed. */
        boolean allows(Number value, int side) {
            int compared = side
                    * (value instanceof Double || value instanceof Float
                            ? Double.compare(value.doubleValue(), Double.parseDouble(text))
                            : new BigDecimal(value.toString()).compareTo(new BigDecimal(text)));
            return inclusive ? compared >= 0 : compared > 0;
        }
    }

    /** What these constraints have against a value: empty, or for example "must be from 1 to 256". */
    static Optional<String> problem(Annotation[] constraints, Object value) {
        Constraints all = new Constraints();
        for (Annotation constraint : constraints) {
            all.apply(constraint, value);
        }
        if ((all.min != null || all.max != null) && !all.isWithin((Number) value)) {
            return Optional.of("must be " + all.range());
        }
        return Optional.ofNullable(all.violated);
    }

    private void apply(Annotation constraint, Object value) {
        switch (constraint) {
            case Min limit -> min = new Bound(Long.toString(limit.value()), true);
            case Max limit -> max = new Bound(Long.toString(limit.value()), true);
            case DecimalMin limit -> min = new Bound(limit.value(), limit.inclusive());
            case DecimalMax limit -> max = new Bound(limit.value(), limit.inclusive());
            case DurationRange range -> require(isWithin(range, (Duration) value), words(range));
            case NotBlank notBlank -> require(!((String) value).isBlank(), "must not be empty");
            case Pattern pattern -> require(value.toString().matches(pattern.regexp()), pattern.message());
            case Size size -> {
                int count = ((Collection<?>) value).size();
                require(count >= size.min() && count <= size.max(), size.message());
            }
            default -> {
                if (constraint.annotationType().getName().startsWith(BEAN_VALIDATION)) {
                    throw new IllegalStateException("constraint of a setting that nothing checks: " + constraint);
                }
            }
        }
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            violated = otherwise;
        }
    }

    private boolean isWithin(Number value) {
        return !Double.isNaN(value.doubleValue())
                && (min == null || min.allows(value, 1))
                && (max == null || max.allows(value, -1));
    }

    private static boolean isWithin(DurationRange range, Duration value) {
        return value.compareTo(Duration.ofMillis(range.min())) >= 0
                && value.compareTo(Duration.ofMillis(range.max())) <= 0;
    }

    private static String words(DurationRange range) {
        return range.max() == Long.MAX_VALUE
                ? "must be at least %d ms".formatted(range.min())
                : "must be from %d to %d ms".formatted(range.min(), range.max());
    }

    private String range() {
        if (min != null && max != null && min.inclusive() && max.inclusive()) {
            return "from %s to %s".formatted(min.text(), max.text());
        }
        String above = min == null ? "" : (min.inclusive() ? "at least " : "more than ") + min.text();
        String below = max == null ? "" : (max.inclusive() ? "at most " : "less than ") + max.text();
        return above + (min == null || max == null ? "" : " and ") + below;
    }
}
