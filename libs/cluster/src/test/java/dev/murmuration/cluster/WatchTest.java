package dev.murmuration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WatchTest {

    private static final TopicPartition TWEETS = new TopicPartition("tweets", 0);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Instant now = Instant.EPOCH;
    private final Watch watch = new Watch(new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void isNotStandingWhileThePositionMoves() {
        look(10, 100);
        after(61);
        look(11, 100);

        assertThat(watch.standingLongerThan(LIMIT)).isEmpty();
        assertThat(watch.standing(TWEETS)).isZero();
    }

    @Test
    void isStandingWhenThePositionStandsStillLongerThanAllowedAlthoughSomethingWaits() {
        look(10, 100);
        after(61);
        look(10, 100);

        assertThat(watch.standingLongerThan(LIMIT)).containsExactly(TWEETS);
        assertThat(watch.standing(TWEETS)).isEqualTo(Duration.ofSeconds(61));
    }

    @Test
    void isNotStandingAtTheVeryEndOfTheAllowedTime() {
        look(10, 100);
        after(60);
        look(10, 100);

        assertThat(watch.standingLongerThan(LIMIT)).isEmpty();
    }

    @Test
    void isNotStandingWithoutLagHoweverLongNothingCame() {
        look(100, 100);
        after(3600);
        look(100, 100);

        assertThat(watch.standingLongerThan(LIMIT)).isEmpty();
    }

    @Test
    void countsFromWhenThereWasSomethingToDo() {
        look(100, 100);
        after(3600);
        look(100, 101);
        after(60);
        look(100, 102);

        assertThat(watch.standingLongerThan(LIMIT)).isEmpty();
        after(1);
        assertThat(watch.standingLongerThan(LIMIT)).containsExactly(TWEETS);
    }

    @Test
    void takesMarkersOfTransactionsForNoLag() {
        watch.look(Map.of(TWEETS, new Reading(99, 100, Optional.empty())));
        after(3600);
        watch.look(Map.of(TWEETS, new Reading(99, 100, Optional.empty())));

        assertThat(watch.standingLongerThan(LIMIT)).isEmpty();
        assertThat(watch.records(TWEETS)).isZero();
        assertThat(watch.age(TWEETS)).isZero();
    }

    @Test
    void tellsTheRecordsOfTheLastLook() {
        look(10, 100);
        look(40, 100);

        assertThat(watch.records(TWEETS)).isEqualTo(60);
    }

    @Test
    void theFirstRecordThatWaitsGrowsOlderBetweenTwoLooks() {
        look(10, 100);
        after(7);

        assertThat(watch.age(TWEETS)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aRecordFromTheFutureIsNotWaitingYet() {
        watch.look(Map.of(TWEETS, new Reading(1, 2, Optional.of(now.plusSeconds(5)))));

        assertThat(watch.age(TWEETS)).isZero();
        assertThat(watch.records(TWEETS)).isOne();
    }

    @Test
    void forgetsPartitionsThatAreNotSeenAnyMore() {
        look(10, 100);
        watch.look(Map.of());

        assertThat(watch.readings()).isEmpty();
        assertThat(watch.records(TWEETS)).isZero();
    }

    private void look(long committed, long end) {
        Optional<Instant> oldest = committed < end ? Optional.of(now) : Optional.empty();
        watch.look(Map.of(TWEETS, new Reading(committed, end, oldest)));
    }

    private void after(int seconds) {
        now = now.plusSeconds(seconds);
    }
}
