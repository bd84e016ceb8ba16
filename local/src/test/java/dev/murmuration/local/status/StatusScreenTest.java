package dev.murmuration.local.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.PerClass;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Shard;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusScreenTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    private final EventTally tally = new EventTally();

    @Test
    void showsEachStageWithRateLagAndWhetherItStands() {
        List<String> lines = StatusScreen.lines(view());

        assertThat(lines)
                .containsSubsequence(
                        "2026-01-02T03:04:05Z  Kafka at broker:9092",
                        "crawler    > tweets               12,345     20.5",
                        "teacher    < tweets               11,000      0.0       1,345    2 min 05 s",
                        "           has not moved for 1 h 00 min");
    }

    @Test
    void countsRefusalsTheMostFrequentFirst() {
        reject("unsure");
        reject("near-duplicate");
        reject("unsure");

        assertThat(StatusScreen.lines(view())).contains("rejected by filter: 2 unsure, 1 near-duplicate");
    }

    @Test
    void fitsATerminalOf80Columns() {
        for (String reason : List.of(
                "referenced",
                "not-english",
                "too-few-words",
                "no-photo",
                "image-corrupt",
                "image-missing",
                "image-too-large")) {
            reject(reason);
        }

        assertThat(StatusScreen.lines(view()))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .containsSubsequence(
                        "rejected by filter: 1 image-corrupt, 1 image-missing, 1 image-too-large,",
                        "    1 no-photo, 1 not-english, 1 referenced, 1 too-few-words");
    }

    @Test
    void addsUpTheShardsOfADataSet() {
        tally.packed(shard("train", 1_993));
        tally.packed(shard("val", 282));
        tally.packed(shard("train", 7));

        assertThat(StatusScreen.lines(view())).contains("shards flat: 3 with 2,282 samples (train 2,000, val 282)");
    }

    @Test
    void countsDeadLetters() {
        tally.deadLettered("crawler");
        tally.deadLettered("crawler");

        assertThat(StatusScreen.lines(view())).contains("dead letters: 2 of crawler");
    }

    @Test
    void aProgramReadsTheSame() {
        reject("unsure");

        assertThat(StatusJson.of(view()).toString())
                .contains("\"lagRecords\":1345,\"lagSeconds\":125.0,\"standingSeconds\":3600.0")
                .contains("\"rejections\":{\"filter\":{\"unsure\":1}}");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "59, 59 s", "60, 1 min 00 s", "3599, 59 min 59 s", "3600, 1 h 00 min", "86400, 1 d 00 h"})
    void writesTimesInTwoUnits(long seconds, String expected) {
        assertThat(StatusScreen.time(Duration.ofSeconds(seconds))).isEqualTo(expected);
    }

    private static Shard shard(String split, int samples) {
        return new Shard(
                "flat",
                Split.valueOf(split),
                "k",
                "s",
                1L,
                samples,
                new PerClass(0L, 0L, (long) samples),
                0,
                0L,
                5L,
                new Teacher("t", "v"),
                new Thresholds(.7, .7, .7),
                NOW);
    }

    private void reject(String reason) {
        tally.rejected(new Rejection("1", 0, "filter", reason, "", NOW));
    }

    private PipelineStatus view() {
        return new PipelineStatus(
                NOW,
                "broker:9092",
                List.of(
                        new StageStatus("crawler", "", "tweets", 12_345, 20.5, 0, Duration.ZERO, Duration.ZERO),
                        new StageStatus(
                                "teacher",
                                "teacher",
                                "tweets",
                                11_000,
                                0,
                                1_345,
                                Duration.ofSeconds(125),
                                Duration.ofHours(1))),
                tally.rejections(),
                tally.shards(),
                true,
                Optional.empty(),
                List.of(),
                tally.deadLetters(),
                0);
    }
}
