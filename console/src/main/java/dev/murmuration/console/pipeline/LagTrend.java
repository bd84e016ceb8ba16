package dev.murmuration.console.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Where a lag is going.
 *
 * @param direction up, down, or neither
 * @param perSecond records by which it changes in a second
 * @param secondsUntilGone at this speed; null where it does not shrink
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LagTrend(
        Direction direction, double perSecond, @Nullable Double secondsUntilGone) {

    /** Up, down, or neither. */
    public enum Direction {
        /** Nothing waits. */
        NONE,
        /** Less than one record in ten seconds. */
        STEADY,
        /** More comes than is done. */
        GROWING,
        /** More is done than comes. */
        SHRINKING
    }

    private static final double LEAST_PER_SECOND = 0.1;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** How a lag, in records, has changed over the last minute. */
    public static LagTrend of(long lag, Progression lags) {
        if (lag == 0) {
            return new LagTrend(Direction.NONE, 0, null);
        }
        OptionalDouble change = lags.perSecond(WINDOW);
        double perSecond = change.orElse(0);
        if (Math.abs(perSecond) < LEAST_PER_SECOND) {
            return new LagTrend(Direction.STEADY, perSecond, null);
        }
        return perSecond > 0
                ? new LagTrend(Direction.GROWING, perSecond, null)
                : new LagTrend(Direction.SHRINKING, perSecond, lag / -perSecond);
    }
}
