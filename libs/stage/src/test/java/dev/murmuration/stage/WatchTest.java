package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WatchTest {

    private static final TopicPartition TWEETS = new TopicPartition("tweets", 0);

    private Instant now = Instant.EPOCH;
    private final Watch watch = new Watch(
            new Clock() {
                @Override
                public ZoneOffset getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(java.time.ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return now;
                }
            },
            Duration.ofSeconds(60));

    @Test
    void isNotStuckWhileThePositionMoves() {
        look(10, 100);
        after(61);
        look(11, 100);

        assertThat(watch.stuck()).isEmpty();
    }

    @Test
    void isStuckWhenThePositionStandsStillLongerThanAllowedAlthoughThereIsLag() {
        look(10, 100);
        after(61);
        look(10, 100);

        assertThat(watch.stuck()).containsExactly(TWEETS);
    }

    @Test
    void isNotStuckAtTheVeryEndOfTheAllowedTime() {
        look(10, 100);
        after(60);
        look(10, 100);

        assertThat(watch.stuck()).isEmpty();
    }

    @Test
    void isNotStuckWithoutLagHoweverLongNothingCame() {
        look(100, 100);
        after(3600);
        look(100, 100);

        assertThat(watch.stuck()).isEmpty();
    }

    @Test
    void countsFromWhenThereWasSomethingToDo() {
        look(100, 100);
        after(3600);
        look(100, 101);
        after(60);
        look(100, 102);

        assertThat(watch.stuck()).isEmpty();
        after(1);
        assertThat(watch.stuck()).containsExactly(TWEETS);
    }

    @Test
    void namesOnlyPartitionsThatMayHaveNothingLeftButMarkersAsStanding() {
        look(10, 100);

        assertThat(watch.standing(Map.of(TWEETS, new Watch.Position(10, 101)))).containsExactly(TWEETS);
        assertThat(watch.standing(Map.of(TWEETS, new Watch.Position(11, 101)))).isEmpty();
        assertThat(watch.standing(Map.of(TWEETS, new Watch.Position(101, 101)))).isEmpty();
    }

    @Test
    void tellsTheLagOfTheLastLook() {
        look(10, 100);
        look(40, 100);

        assertThat(watch.lag(TWEETS)).isEqualTo(60);
    }

    private void look(long committed, long end) {
        watch.look(Map.of(TWEETS, new Watch.Position(committed, end)));
    }

    private void after(int seconds) {
        now = now.plusSeconds(seconds);
    }
}
