package dev.murmuration.console.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LagTrendTest {

    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

    private static LagTrend of(long before, long now) {
        Progression lags = new Progression();
        lags.add(START, before);
        lags.add(START.plusSeconds(60), now);
        return LagTrend.of(now, lags);
    }

    @Test
    void saysWhenAShrinkingLagIsGone() {
        assertThat(of(1200, 600)).isEqualTo(new LagTrend(LagTrend.Direction.SHRINKING, -10, 60.0));
    }

    @Test
    void saysHowFastAGrowingLagGrows() {
        assertThat(of(0, 300)).isEqualTo(new LagTrend(LagTrend.Direction.GROWING, 5, null));
    }

    @Test
    void callsALagSteadyThatChangesByLessThanARecordInTenSeconds() {
        assertThat(of(100, 95).direction()).isEqualTo(LagTrend.Direction.STEADY);
        assertThat(of(100, 105).direction()).isEqualTo(LagTrend.Direction.STEADY);
        assertThat(of(100, 94).direction()).isEqualTo(LagTrend.Direction.SHRINKING);
        assertThat(of(100, 106).direction()).isEqualTo(LagTrend.Direction.GROWING);
    }

    @Test
    void hasNoTrendWhereNothingWaitsOrNothingIsKnownYet() {
        assertThat(of(50, 0)).isEqualTo(new LagTrend(LagTrend.Direction.NONE, 0, null));
        assertThat(LagTrend.of(5, new Progression())).isEqualTo(new LagTrend(LagTrend.Direction.STEADY, 0, null));
    }
}
