package dev.murmuration.stage.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    private static final Duration STUCK_AFTER = Duration.ofMinutes(3);

    private final SetClock clock = new SetClock();
    private final Heartbeat heartbeat = new Heartbeat("training", STUCK_AFTER, clock);

    @Test
    void isAliveAtRestForAnyTime() {
        clock.advance(Duration.ofDays(1));

        assertThat(heartbeat.call().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void isNotAliveWhenWorkMakesNoProgress() {
        heartbeat.beat();

        clock.advance(STUCK_AFTER);
        Status atTheLimit = heartbeat.call().getStatus();
        clock.advance(Duration.ofMillis(1));

        assertThat(atTheLimit).isEqualTo(Status.UP);
        assertThat(heartbeat.call().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void isNotAliveWhenRecordsWaitAndNoneIsProcessed() {
        clock.advance(Duration.ofDays(1));
        heartbeat.waiting(5);
        Status justArrived = heartbeat.call().getStatus();

        clock.advance(STUCK_AFTER.plusMillis(1));
        heartbeat.waiting(5);

        assertThat(justArrived).isEqualTo(Status.UP);
        assertThat(heartbeat.call().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void isNotAliveWhenThePollingThreadNoLongerAnswers() {
        heartbeat.waiting(0);

        clock.advance(STUCK_AFTER.plusMillis(1));

        assertThat(heartbeat.call().getStatus()).isEqualTo(Status.DOWN);
    }

    private static final class SetClock extends Clock {

        private Instant now = Instant.EPOCH;

        void advance(Duration by) {
            now = now.plus(by);
        }

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
}
