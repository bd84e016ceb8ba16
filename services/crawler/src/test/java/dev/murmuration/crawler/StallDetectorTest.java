package dev.murmuration.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class StallDetectorTest {

    private static final class Hand extends Clock {
        Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final Hand clock = new Hand();
    private final StallDetector pulse = new StallDetector(clock, Duration.ofSeconds(10));

    @Test
    void aQuietFeedIsNotStuck() {
        clock.now = Instant.ofEpochSecond(1000);

        assertThat(pulse.isStuck()).isFalse();
    }

    @Test
    void aDeliveryThatIsNotCommittedForTooLongIsStuck() {
        clock.now = Instant.ofEpochSecond(1000);
        pulse.read();

        clock.now = Instant.ofEpochSecond(1010);
        assertThat(pulse.isStuck()).isFalse();
        clock.now = Instant.ofEpochSecond(1011);
        assertThat(pulse.isStuck()).isTrue();
        pulse.committed(1);
        assertThat(pulse.isStuck()).isFalse();
    }
}
