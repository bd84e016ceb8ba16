package dev.murmuration.crawler.feed.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Duration> pauses = new ArrayList<>();
    private long now = 1_000_000;

    @Test
    void twiceAsFastWaitsHalfAsLong() throws InterruptedException {
        Pace pace = pace(2, Duration.ofMinutes(1));

        pace.await(START);
        pace.await(START.plusSeconds(10));
        pace.await(START.plusSeconds(11));

        assertThat(pauses).containsExactly(Duration.ofSeconds(5), Duration.ofMillis(500));
    }

    @Test
    void whatTheReaderWasBusyWithCounts() throws InterruptedException {
        Pace pace = pace(1, Duration.ofMinutes(1));

        pace.await(START);
        now += Duration.ofSeconds(4).toNanos();
        pace.await(START.plusSeconds(10));
        now += Duration.ofSeconds(4).toNanos();
        pace.await(START.plusSeconds(12));

        assertThat(pauses).containsExactly(Duration.ofSeconds(6));
    }

    @Test
    void aLongSilenceIsCutShort() throws InterruptedException {
        Pace pace = pace(1, Duration.ofSeconds(3));

        pace.await(START);
        pace.await(START.plusSeconds(100_000));
        pace.await(START.plusSeconds(100_001));

        assertThat(pauses).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(1));
    }

    @Test
    void whatIsOlderThanTheOneBeforeIsNotWaitedFor() throws InterruptedException {
        Pace pace = pace(1, Duration.ofMinutes(1));

        pace.await(START);
        pace.await(START.minusSeconds(10));
        pace.await(START.plusSeconds(1));

        assertThat(pauses).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void noSpeedIsNoWaiting() throws InterruptedException {
        Pace pace = pace(0, Duration.ofMinutes(1));

        pace.await(START);
        pace.await(START.plusSeconds(10));

        assertThat(pauses).isEmpty();
    }

    private Pace pace(double speed, Duration longestPause) {
        return new Pace(speed, longestPause, () -> now, pause -> {
            pauses.add(pause);
            now += pause.toNanos();
        });
    }
}
