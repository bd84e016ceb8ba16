package dev.murmuration.console.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A stage at one moment.
 *
 * @param stage which
 * @param health of its service
 * @param position committed offsets, added up over the partitions; of the crawler, the ends of what it writes
 * @param perSecond10s offsets that were added per second in the last 10 s; null before that is known
 * @param perSecond5min the same over the last 5 min
 * @param lagRecords offsets between position and end
 * @param lagSeconds how long the first record that waits has waited
 * @param standingSeconds how long the position has not moved although something waits
 * @param trend of the lag
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StageState(
        Stage stage,
        Health health,
        long position,
        @Nullable Double perSecond10s,
        @Nullable Double perSecond5min,
        long lagRecords,
        double lagSeconds,
        double standingSeconds,
        LagTrend trend) {}
