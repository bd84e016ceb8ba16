package dev.murmuration.crawler.feed.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.feed.live.Backoff.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The ladders of X's "Handling disconnections". */
class BackoffTest {

    private final Backoff backoff = new Backoff();

    @Test
    void theNetworkIsWaitedForLinearlyUpToSixteenSeconds() {
        assertThat(millis(Trouble.NETWORK, 66)).startsWith(250L, 500L, 750L).endsWith(16_000L, 16_000L, 16_000L);
    }

    @Test
    void anErrorDoublesFromFiveSecondsUpTo320() {
        assertThat(millis(Trouble.HTTP, 9))
                .containsExactly(5_000L, 10_000L, 20_000L, 40_000L, 80_000L, 160_000L, 320_000L, 320_000L, 320_000L);
    }

    @Test
    void aRateLimitDoublesFromAMinute() {
        assertThat(millis(Trouble.RATE_LIMIT, 6))
                .containsExactly(60_000L, 120_000L, 240_000L, 480_000L, 960_000L, 960_000L);
    }

    @Test
    void aConnectionThatWorkedIsMadeAnewAtOnceAndBeginsTheLadder() {
        millis(Trouble.NETWORK, 5);
        backoff.works();

        assertThat(millis(Trouble.NETWORK, 3)).containsExactly(0L, 250L, 500L);
    }

    private List<Long> millis(Trouble trouble, int times) {
        return Stream.generate(() -> backoff.after(trouble))
                .limit(times)
                .map(Duration::toMillis)
                .toList();
    }
}
