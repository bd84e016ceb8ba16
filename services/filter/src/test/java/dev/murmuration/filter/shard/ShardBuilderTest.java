package dev.murmuration.filter.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Thresholds;
import dev.murmuration.schemas.TopicNames;
import dev.murmuration.stage.settings.SettingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShardBuilderTest {

    private static final CutLimits WIDE = new CutLimits(1000, 1 << 20, Duration.ofDays(1));

    private final List<Cut> cuts = new ArrayList<>();
    private final List<String> redacted = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long offset;

    @Test
    void closesEveryOpenShardOfThePartitionOnceOneHasEnoughSamples() throws Exception {
        ShardBuilder packing = packing(new CutLimits(2, 1 << 20, Duration.ofDays(1)));

        pack(packing, Labelled.image("1", 0, "flat", "bal"));
        pack(packing, Labelled.image("2", 0, Split.val, Labelled.CREATED, Labelled.TEACHER, "flat"));
        assertThat(cuts).isEmpty();
        pack(packing, Labelled.image("3", 0, "flat"));

        assertThat(cuts).singleElement().satisfies(cut -> {
            assertThat(cut.firstOffset()).isZero();
            assertThat(cut.lastOffset()).isEqualTo(2);
            assertThat(cut.shards().entrySet())
                    .extracting(
                            shard -> shard.getKey().dataset(),
                            shard -> shard.getKey().split(),
                            shard -> ids(shard.getValue()))
                    .containsExactly(
                            tuple("bal", Split.train, List.of("1")),
                            tuple("flat", Split.train, List.of("1", "3")),
                            tuple("flat", Split.val, List.of("2")));
        });
    }

    @Test
    void cutsBeforeAShardGetsTooManyBytes() throws Exception {
        Sample sample = new Sample(Labelled.image("1", 0, "flat"), new Photo.Ready(new byte[100], true), "");
        ShardBuilder packing = packing(new CutLimits(1000, 2 * sample.bytes(), Duration.ofDays(1)));

        pack(packing, Labelled.image("1", 0, "flat"));
        pack(packing, Labelled.image("2", 0, "flat"));
        assertThat(cuts).isEmpty();
        pack(packing, Labelled.image("3", 0, "flat"));

        assertThat(cuts).singleElement().satisfies(cut -> {
            assertThat(cut.lastOffset()).isEqualTo(1);
            assertThat(cut.shards().get(new Cut.Name("flat", Split.train))).hasSize(2);
        });
        assertThat(packing.openSamples()).isEqualTo(1);
    }

    @Test
    void givesASampleThatIsTooLargeAShardOfItsOwn() throws Exception {
        ShardBuilder packing = packing(new CutLimits(1000, 1, Duration.ofDays(1)));

        pack(packing, Labelled.image("1", 0, "flat"));
        pack(packing, Labelled.image("2", 0, "flat"));
        end(packing, new EndOfFeed("f", 0, 1));

        assertThat(cuts)
                .extracting(cut -> cut.shards().values().stream()
                        .map(ShardBuilderTest::ids)
                        .toList())
                .containsExactly(List.of(List.of("1")), List.of(List.of("2")));
    }

    @Test
    void cutsBeforeTheTweetsThatArrivedSpanTooMuchTime() throws Exception {
        ShardBuilder packing = packing(new CutLimits(1000, 1 << 20, Duration.ofMinutes(10)));

        pack(packing, arrived("1", Labelled.CREATED));
        pack(packing, arrived("2", Labelled.CREATED.plus(Duration.ofMinutes(10))));
        pack(packing, arrived("3", Labelled.CREATED.plusSeconds(1)));
        assertThat(cuts).isEmpty();
        pack(packing, arrived("4", Labelled.CREATED.plus(Duration.ofMinutes(10)).plusMillis(1)));

        assertThat(cuts)
                .singleElement()
                .satisfies(cut -> assertThat(cut.lastOffset()).isEqualTo(2));
    }

    @Test
    void isNotCutByWhatAuthorsSayOfTheTime() throws Exception {
        ShardBuilder packing = packing(new CutLimits(1000, 1 << 20, Duration.ofMinutes(10)));

        for (int i = 0; i < 100; i++) {
            Instant created = i % 10 == 0 ? Instant.parse("2015-01-01T00:00:00Z") : Labelled.CREATED;
            pack(packing, Labelled.at(Integer.toString(i), created, Labelled.CREATED.plusSeconds(i), "flat"));
        }

        assertThat(cuts).isEmpty();
    }

    @Test
    void goesByTheTimeOfCreationWhereTheArrivalIsNotKnown() throws Exception {
        ShardBuilder packing = packing(new CutLimits(1000, 1 << 20, Duration.ofMinutes(10)));

        pack(packing, Labelled.at("1", Labelled.CREATED, Instant.EPOCH, "flat"));
        pack(packing, Labelled.at("2", Labelled.CREATED.plus(Duration.ofMinutes(11)), Instant.EPOCH, "flat"));

        assertThat(cuts).hasSize(1);
    }

    @Test
    void mixesNoTwoThresholdsInAShard() throws Exception {
        ShardBuilder packing = packing(WIDE);

        pack(packing, Labelled.above(new Thresholds(.7, .7, .7), Labelled.image("1", 0, "flat")));
        pack(packing, Labelled.above(new Thresholds(.7, .7, .7), Labelled.image("2", 0, "flat")));
        assertThat(cuts).isEmpty();
        pack(packing, Labelled.above(new Thresholds(.7, .9, .9), Labelled.image("3", 0, "flat")));

        assertThat(cuts)
                .singleElement()
                .satisfies(cut -> assertThat(cut.lastOffset()).isEqualTo(1));
    }

    @Test
    void packsATweetOfAnyTime() throws Exception {
        ShardBuilder packing = packing(WIDE);
        List<Instant> times = List.of(
                Instant.parse("1969-12-31T23:59:59Z"),
                Instant.parse("9999-12-31T23:59:59Z"),
                Instant.ofEpochMilli(Long.MIN_VALUE),
                Instant.ofEpochMilli(Long.MAX_VALUE));

        for (int i = 0; i < times.size(); i++) {
            pack(packing, Labelled.at(Integer.toString(i), times.get(i), Labelled.CREATED, "flat"));
        }
        end(packing, new EndOfFeed("f", 0, 1));

        assertThat(cuts.getFirst().rejections()).isEmpty();
        List<Sample> samples = Objects.requireNonNull(cuts.getFirst().shards().get(new Cut.Name("flat", Split.train)));
        assertThat(SampleTest.times(Sample.tar(samples))).containsExactly(0L, 8_589_934_591L, 0L, 8_589_934_591L);
    }

    @Test
    void rejectsWhatNoShardCanHoldAndContinues() throws Exception {
        ShardBuilder packing = packing(WIDE);
        LabelledImage image = Labelled.image("1", 0, "flat");

        pack(
                packing,
                LabelledImage.newBuilder(image)
                        .setScores(new Scores(Double.NaN, 0.1, 0.8))
                        .build());
        pack(
                packing,
                LabelledImage.newBuilder(image).setDatasets(List.of("../bal")).build());
        pack(
                packing,
                LabelledImage.newBuilder(image)
                        .setDatasets(List.of("flat", "flat"))
                        .build());
        pack(packing, LabelledImage.newBuilder(image).setDatasets(List.of()).build());
        pack(packing, Labelled.image("1", -1, "flat"));
        take(packing.pack(new Arrivals.Arrival(
                record("1", new byte[] {0}),
                new Decoded.Event<>(image),
                Optional.of(CompletableFuture.failedFuture(new OutOfMemoryError("Java heap space"))))));
        pack(packing, Labelled.image("2", 0, "flat"));
        end(packing, new EndOfFeed("f", 0, 1));

        assertThat(cuts.getFirst().rejections())
                .hasSize(6)
                .allSatisfy(rejection -> assertThat(rejection.getReason()).isEqualTo("unprocessable"))
                .extracting(rejection -> rejection.getDetail().replaceAll(" \\(.*", ""))
                .containsExactly(
                        "IllegalArgumentException: a score is not a probability",
                        "IllegalArgumentException: its data sets are not names, or one is named twice",
                        "IllegalArgumentException: its data sets are not names, or one is named twice",
                        "IllegalArgumentException: no data set took it",
                        "IllegalArgumentException: its photo has the index -1",
                        "OutOfMemoryError: Java heap space");
        assertThat(cuts.getFirst().shards().get(new Cut.Name("flat", Split.train)))
                .hasSize(1);
    }

    @Test
    void endsForWhatNoRecordIsToBlameFor() {
        ShardBuilder packing = packing(WIDE);
        SettingException away = new SettingException("s3.bucket", "b", "is too short");

        assertThatThrownBy(() -> take(packing.pack(new Arrivals.Arrival(
                        record("1", new byte[] {0}),
                        new Decoded.Event<>(Labelled.image("1", 0, "flat")),
                        Optional.of(CompletableFuture.failedFuture(away))))))
                .hasCause(away);
    }

    @Test
    void buriesADeletionWithoutAKey() throws Exception {
        ShardBuilder packing = packing(WIDE);

        take(packing.pack(new Arrivals.Arrival(
                new ConsumerRecord<>("labelled-images", 0, offset++, null, null),
                new Decoded.Tombstone<>(),
                Optional.empty())));
        end(packing, new EndOfFeed("f", 0, 1));

        assertThat(cuts.getFirst().deadLetters()).hasSize(1);
        assertThat(redacted).isEmpty();
    }

    @Test
    void cutsWhenItHoldsSixteenMebibytesOfDeadLetters() throws Exception {
        ShardBuilder packing = packing(WIDE);

        for (int i = 0; i < 34; i++) {
            take(packing.pack(new Arrivals.Arrival(
                    record("k", new byte[500_000]), new Decoded.Undecodable<>("odd"), Optional.empty())));
        }

        assertThat(cuts)
                .singleElement()
                .satisfies(cut -> assertThat(cut.deadLetters()).hasSize(34));
    }

    @Test
    void mixesNoTwoTeachersInAShard() throws Exception {
        ShardBuilder packing = packing(WIDE);

        pack(packing, Labelled.image("1", 0, "flat"));
        pack(packing, Labelled.image("2", 0, Split.val, Labelled.CREATED, new Teacher("test", "other"), "flat"));

        assertThat(cuts)
                .singleElement()
                .satisfies(cut -> assertThat(cut.lastOffset()).isZero());
    }

    @Test
    void cutsAtTheEndOfAFeedAndPassesItsMarkerOn() throws Exception {
        ShardBuilder packing = packing(WIDE);
        EndOfFeed marker = new EndOfFeed("f", 0, 2);

        pack(packing, Labelled.image("1", 0, "flat"));
        end(packing, marker);
        end(packing, marker);

        assertThat(cuts)
                .extracting(
                        Cut::firstOffset, Cut::lastOffset, cut -> cut.shards().size())
                .containsExactly(tuple(0L, 1L, 1), tuple(2L, 2L, 0));
        assertThat(cuts).extracting(Cut::marker).containsExactly(Optional.of(marker), Optional.of(marker));
    }

    @Test
    void cutsAPartitionThatGetsNothingForTooLong() throws Exception {
        ShardBuilder packing = packing(WIDE);
        pack(packing, Labelled.image("1", 0, "flat"));

        now = now.plusSeconds(60);
        cuts.addAll(packing.cutIdle(Duration.ofSeconds(60)));
        assertThat(cuts).isEmpty();
        now = now.plusMillis(1);
        cuts.addAll(packing.cutIdle(Duration.ofSeconds(60)));
        cuts.addAll(packing.cutIdle(Duration.ofSeconds(60)));

        assertThat(cuts).hasSize(1);
    }

    @Test
    void rejectsAPhotoThatIsLostAndGoesOn() throws Exception {
        ShardBuilder packing = packing(WIDE);

        take(packing.pack(arrival(Labelled.image("1", 2, "flat"), new Photo.Lost("image-missing", "gone"))));
        pack(packing, Labelled.image("2", 0, "flat"));
        end(packing, new EndOfFeed("f", 0, 1));

        assertThat(cuts.getFirst().rejections())
                .containsExactly(new Rejection("1", 2, "shards", "image-missing", "gone", Instant.ofEpochMilli(77)));
        assertThat(cuts.getFirst().shards().get(new Cut.Name("flat", Split.train)))
                .hasSize(1);
    }

    @Test
    void dropsADeletedTweetFromWhatIsOpenAndRedactsIt() throws Exception {
        ShardBuilder packing = packing(WIDE);

        pack(packing, Labelled.image("1", 0, "bal", "flat"));
        pack(packing, Labelled.image("1", 1, "flat"));
        pack(packing, Labelled.image("2", 0, "flat"));
        take(packing.pack(new Arrivals.Arrival(record("1", null), new Decoded.Tombstone<>(), Optional.empty())));
        end(packing, new EndOfFeed("f", 0, 1));

        assertThat(cuts.getFirst().shards().entrySet())
                .extracting(shard -> shard.getKey().dataset(), shard -> ids(shard.getValue()))
                .containsExactly(tuple("flat", List.of("2")));
        assertThat(cuts.getFirst().rejections())
                .extracting(Rejection::getTweetId, Rejection::getImageIndex, Rejection::getStage, Rejection::getReason)
                .containsExactly(tuple("1", 0, "shards", "deleted"), tuple("1", 1, "shards", "deleted"));
        assertThat(redacted).containsExactly("1");
    }

    @Test
    void buriesWhatIsNoEvent() throws Exception {
        ShardBuilder packing = packing(WIDE);

        take(packing.pack(
                new Arrivals.Arrival(record("k", new byte[] {1}), new Decoded.Undecodable<>("odd"), Optional.empty())));
        end(packing, new EndOfFeed("f", 0, 1));

        assertThat(cuts.getFirst().deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo("filter-dead-letters");
            assertThat(letter.headers().lastHeader(DeadLetter.REASON).value())
                    .isEqualTo("odd".getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void makesTheSameCutsAgainAfterACrash() throws Exception {
        List<LabelledImage> images = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            images.add(arrived(Integer.toString(i), Labelled.CREATED.plusSeconds(i * 7L)));
        }
        CutLimits limits = new CutLimits(10, 1 << 20, Duration.ofDays(1));
        ShardBuilder whole = packing(limits);
        for (LabelledImage image : images) {
            pack(whole, image);
        }
        end(whole, new EndOfFeed("f", 0, 1));
        List<Cut> expected = List.copyOf(cuts);

        cuts.clear();
        offset = 0;
        ShardBuilder crashed = packing(limits);
        for (LabelledImage image : images.subList(0, 17)) {
            pack(crashed, image);
        }
        // What was open is lost; the next process reads from the offset that the last cut committed.
        offset = cuts.getLast().lastOffset() + 1;
        ShardBuilder restarted = packing(limits);
        for (LabelledImage image : images.subList((int) offset, images.size())) {
            pack(restarted, image);
        }
        end(restarted, new EndOfFeed("f", 0, 1));

        assertThat(cuts).isEqualTo(expected);
        assertThat(cuts).hasSize(3);
    }

    @Test
    void packsTheSameBytesWhateverTheOffsetsAre() throws Exception {
        List<byte[]> dense = tarsWithGapsOf(0);
        List<byte[]> sparse = tarsWithGapsOf(3);

        assertThat(sparse).hasSize(3).usingElementComparator(Arrays::compare).isEqualTo(dense);
    }

    /** Gaps as the markers of transactions leave them, which fall elsewhere in every run. */
    private List<byte[]> tarsWithGapsOf(int gap) throws Exception {
        cuts.clear();
        offset = 0;
        ShardBuilder packing = packing(new CutLimits(10, 1 << 20, Duration.ofDays(1)));
        for (int i = 0; i < 25; i++) {
            pack(packing, Labelled.image(Integer.toString(i), i % 2, "flat"));
            offset += i % 4 == 0 ? gap : 0;
        }
        end(packing, new EndOfFeed("f", 0, 1));
        return cuts.stream()
                .flatMap(cut -> cut.shards().values().stream())
                .map(Sample::tar)
                .toList();
    }

    private ShardBuilder packing(CutLimits limits) {
        return new ShardBuilder(dataset -> limits, source -> "", TopicNames.PLAIN, 1_000_000, new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        });
    }

    private void take(ShardBuilder.Decision decision) {
        cuts.addAll(decision.cuts());
        redacted.addAll(decision.deletedTweets());
    }

    private void pack(ShardBuilder packing, LabelledImage image) throws InterruptedException {
        take(packing.pack(arrival(image, new Photo.Ready(new byte[100], true))));
    }

    private void end(ShardBuilder packing, EndOfFeed marker) throws InterruptedException {
        take(packing.pack(
                new Arrivals.Arrival(record(marker.key(), null), new Decoded.Ended<>(marker), Optional.empty())));
    }

    private Arrivals.Arrival arrival(LabelledImage image, Photo photo) {
        return new Arrivals.Arrival(
                record(image.getTweetId(), new byte[] {0}),
                new Decoded.Event<>(image),
                Optional.of(CompletableFuture.completedFuture(photo)));
    }

    private ConsumerRecord<byte[], byte[]> record(String key, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                "labelled-images",
                0,
                offset++,
                77,
                TimestampType.CREATE_TIME,
                key.length(),
                0,
                key.getBytes(StandardCharsets.UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private static LabelledImage arrived(String tweetId, Instant at) {
        return Labelled.at(tweetId, Labelled.CREATED, at, "flat");
    }

    private static List<String> ids(List<Sample> samples) {
        return samples.stream().map(sample -> sample.labelled().getTweetId()).toList();
    }
}
