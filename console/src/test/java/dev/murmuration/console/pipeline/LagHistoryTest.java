package dev.murmuration.console.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LagHistoryTest {

    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

    private final LagHistory history = new LagHistory();

    private void add(int partition, int second, long records) {
        history.add(
                "teacher",
                new TopicPartition("tweets", partition),
                START.plusSeconds(second),
                records,
                Duration.ofMillis(records * 100));
    }

    @Test
    void keepsThePeakOfEachStep() {
        add(0, 0, 10);
        add(0, 2, 70);
        add(0, 4, 5);
        add(0, 5, 1);

        assertThat(history.lines(false))
                .containsExactly(new LagHistory.Line(
                        "teacher",
                        "tweets",
                        0,
                        List.of(
                                new LagSeries.Point(START.getEpochSecond(), 70, 7f),
                                new LagSeries.Point(START.getEpochSecond() + 5, 1, 0.1f))));
    }

    @Test
    void keepsAnHourInFineStepsAndADayInCoarseOnes() {
        for (int second = 0; second < 2 * 86_400; second += 5) {
            add(0, second, second);
        }

        List<LagSeries.Point> hour = history.lines(false).getFirst().points();
        List<LagSeries.Point> day = history.lines(true).getFirst().points();
        assertThat(hour).hasSize(720);
        assertThat(day).hasSize(720);
        assertThat(hour.getLast().epochSecond() - hour.getFirst().epochSecond()).isEqualTo(3600 - 5);
        assertThat(day.getLast().epochSecond() - day.getFirst().epochSecond()).isEqualTo(86_400 - 120);
    }

    @Test
    void remembersNoMorePartitionsThanItsLimit() {
        for (int partition = 0; partition <= LagHistory.MAX_SERIES; partition++) {
            add(partition, 0, 1);
        }

        assertThat(history.lines(false)).hasSize(LagHistory.MAX_SERIES);
    }
}
