package dev.murmuration.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.feed.HandClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallDetectorTest {

    private final HandClock clock = new HandClock();
    private final StallDetector pulse = new StallDetector(clock, Duration.ofSeconds(10));

    @Test
    void aQuietFeedIsNotStuck() {
        clock.pass(Duration.ofSeconds(1000));

        assertThat(pulse.isStuck()).isFalse();
    }

    @Test
    void aDeliveryThatIsNotCommittedForTooLongIsStuck() {
        pulse.read();

        clock.pass(Duration.ofSeconds(10));
        assertThat(pulse.isStuck()).isFalse();
        clock.pass(Duration.ofSeconds(1));
        assertThat(pulse.isStuck()).isTrue();
        pulse.committed(1);
        assertThat(pulse.isStuck()).isFalse();
    }
}
