package dev.murmuration.filter.topology;

import static dev.murmuration.filter.topology.Tweets.alike;
import static dev.murmuration.filter.topology.Tweets.negative;
import static dev.murmuration.filter.topology.Tweets.neutral;
import static dev.murmuration.filter.topology.Tweets.photo;
import static dev.murmuration.filter.topology.Tweets.positive;
import static dev.murmuration.filter.topology.Tweets.tweet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.murmuration.filter.dataset.Balance;
import dev.murmuration.filter.dataset.ClassCounts;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.Origin;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.filter.duplicate.PhotoHash;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Scores;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.schemas.Split;
import dev.murmuration.schemas.Tweet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTopologyTest {

    private static final DataSet FLAT = Tweets.preset("flat");
    private static final DataSet UNB = Tweets.preset("unb");
    private static final DataSet BAL_FLAT = Tweets.preset("bal-flat");

    @TempDir
    private Path state;

    @Test
    void keepsOnlyWhatTheTeacherIsSureOf() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.send(tweet("sure", positive(0.7001), photo(0, 1)));
            filter.send(tweet("unsure", positive(0.7), photo(0, 2)));

            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("sure");
            assertThat(filter.rejections())
                    .extracting(
                            Rejection::getTweetId, Rejection::getImageIndex, Rejection::getStage, Rejection::getReason)
                    .containsExactly(tuple("unsure", 0, "filter", "unsure"));
        }
    }

    @Test
    void namesEveryDataSetThatTookThePhoto() {
        try (Filtering filter = new Filtering(state, FLAT, UNB)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1)));
            filter.send(tweet("2", positive(0.9), photo(0, 2)));
            filter.send(tweet("3", positive(0.9001), photo(0, 3)));
            filter.send(tweet("4", negative(0.8), photo(0, 4)));
            filter.send(tweet("5", neutral(0.95), photo(0, 5)));

            assertThat(filter.labelled())
                    .extracting(LabelledImage::getDatasets)
                    .containsExactly(
                            List.of("flat"),
                            List.of("flat"),
                            List.of("flat", "unb"),
                            List.of("flat", "unb"),
                            List.of("flat", "unb"));
        }
    }

    @Test
    void carriesEverythingThatIsKnownOfThePhoto() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            ScoredTweet scored = tweet("7", positive(0.8), photo(3, 1));
            filter.send(scored);

            assertThat(filter.labelled())
                    .containsExactly(new LabelledImage(
                            "7",
                            "recorded",
                            "author-of-7",
                            scored.getTweet().getImages().getFirst(),
                            "text of 7",
                            positive(0.8),
                            Sentiment.positive,
                            Tweets.TEACHER,
                            List.of("flat"),
                            Split.train,
                            Tweets.CREATED,
                            Tweets.ARRIVED,
                            List.of(FLAT.thresholds())));
        }
    }

    @Test
    void takesOnlyFromTheSourcesOfADataSet() {
        DataSet ofX = new DataSet("of-x", FLAT.thresholds(), new Balance.None(), Set.of("x"));
        try (Filtering filter = new Filtering(state, ofX)) {
            filter.send(tweet("1", "x", positive(0.8), photo(0, 1)));
            filter.send(tweet("2", "bluesky", positive(0.8), photo(0, 2)));

            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("1");
            assertThat(filter.reasons()).containsExactly("other-source");
        }
    }

    @Test
    void cutsTwoCrawlsOfOneFeedAndTheirUnionByTheirTags() {
        try (Filtering filter = new Filtering(
                state,
                new DataSet("a", FLAT.thresholds(), new Balance.None(), Set.of("crawl-a")),
                new DataSet("b", FLAT.thresholds(), new Balance.None(), Set.of("crawl-b")),
                new DataSet("a-and-b", FLAT.thresholds(), new Balance.None(), Set.of("crawl-a", "crawl-b")))) {
            filter.send(tagged("crawl-a", tweet("1", "x", positive(0.8), photo(0, 1))));
            filter.send(tagged("crawl-b", tweet("2", "x", positive(0.8), photo(0, 2))));
            filter.send(tagged("", tweet("3", "x", positive(0.8), photo(0, 3))));

            assertThat(filter.labelled())
                    .extracting(LabelledImage::getTweetId, LabelledImage::getDatasets)
                    .containsExactly(tuple("1", List.of("a", "a-and-b")), tuple("2", List.of("b", "a-and-b")));
            assertThat(filter.reasons()).containsExactly("other-source");
        }
    }

    @Test
    void isUnsureOfAPhotoOfItsSourceOnlyWhereTheThresholdIsMissed() {
        DataSet ofX = new DataSet("of-x", FLAT.thresholds(), new Balance.None(), Set.of("x"));
        DataSet ofBluesky = new DataSet("of-bluesky", UNB.thresholds(), new Balance.None(), Set.of("bluesky"));
        try (Filtering filter = new Filtering(state, ofX, ofBluesky)) {
            filter.send(tweet("of neither", "mastodon", positive(0.95), photo(0, 1)));
            filter.send(tweet("of neither and unsure", "mastodon", positive(0.5), photo(0, 2)));
            filter.send(tweet("of one that is not sure", "bluesky", positive(0.8), photo(0, 3)));

            assertThat(filter.rejections())
                    .extracting(Rejection::getReason, Rejection::getDetail)
                    .containsExactly(
                            tuple(
                                    "other-source",
                                    "no data set takes from mastodon, tag mastodon, at 2022-04-04T12:00:00Z"),
                            tuple(
                                    "other-source",
                                    "no data set takes from mastodon, tag mastodon, at 2022-04-04T12:00:00Z"),
                            tuple("unsure", "positive 0.8 exceeds no data set's threshold"));
        }
    }

    @Test
    void saysByWhichThresholdsEachDataSetTookThePhoto() {
        try (Filtering filter = new Filtering(state, FLAT, UNB)) {
            filter.send(tweet("1", positive(0.95), photo(0, 1)));

            assertThat(filter.labelled())
                    .extracting(LabelledImage::getThresholds)
                    .containsExactly(List.of(FLAT.thresholds(), UNB.thresholds()));
        }
    }

    @Test
    void buriesWhatIsTooLargeToBeWritten() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            ScoredTweet plain = tweet("1", positive(0.6), photo(0, 1));
            int around =
                    Filtering.bytes(plain).length - plain.getTweet().getText().length();
            // The key has one byte, and the text's length takes two bytes more than that of a short one.
            String largest = "x".repeat(Filtering.MAX_BYTES - around - 3);
            filter.send(texted(largest, plain));
            filter.send(texted(largest + "x", tweet("2", positive(0.6), photo(0, 2))));

            assertThat(filter.rejections()).extracting(Rejection::getTweetId).containsExactly("1");
            assertThat(filter.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo("2");
                assertThat(letter.value()).isEmpty();
                assertThat(new String(
                                letter.headers().lastHeader(DeadLetter.REASON).value(), StandardCharsets.UTF_8))
                        .contains("more than 1000000; its value of 1000000 bytes is left out, it is where it was read");
            });
        }
    }

    private static ScoredTweet texted(String text, ScoredTweet scored) {
        return ScoredTweet.newBuilder(scored)
                .setTweet(Tweet.newBuilder(scored.getTweet()).setText(text).build())
                .build();
    }

    @Test
    void rejectsAPhotoWhoseEventWouldBeTooLargeToBeWritten() {
        DataSet[] many = IntStream.range(0, 60)
                .mapToObj(
                        i -> new DataSet("%080d".formatted(i), FLAT.thresholds(), new Balance.Undersample(1), Set.of()))
                .toArray(DataSet[]::new);
        try (Filtering filter = new Filtering(state, many)) {
            filter.send(texted("x".repeat(999_000), tweet("1", positive(0.8), photo(0, 1))));
            filter.send(tweet("2", positive(0.8), photo(0, 1)));

            assertThat(filter.rejections()).singleElement().satisfies(rejection -> {
                assertThat(rejection.getReason()).isEqualTo("unprocessable");
                assertThat(rejection.getDetail()).contains("bytes, more than 1000000");
            });
            // Nothing was remembered of it, so the second is no repetition.
            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("2");
        }
    }

    @Test
    void buriesADeletionWithoutAKey() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.delete(null);
            filter.send(tweet("1", positive(0.8), photo(0, 1)));

            assertThat(filter.deadLetters()).hasSize(1);
            assertThat(filter.labelled()).hasSize(1);
        }
    }

    private static ScoredTweet tagged(String tag, ScoredTweet scored) {
        return ScoredTweet.newBuilder(scored)
                .setTweet(Tweet.newBuilder(scored.getTweet()).setTag(tag).build())
                .build();
    }

    @Test
    void takesOnlyFromTheTimeOfADataSet() {
        Origin before = new Origin(Set.of(), Instant.MIN, Tweets.CREATED);
        Origin from = new Origin(Set.of(), Tweets.CREATED, Tweets.CREATED.plusMillis(1));
        Origin after = new Origin(Set.of(), Tweets.CREATED.plusMillis(1), Instant.MAX);
        try (Filtering filter = new Filtering(
                state,
                new DataSet("before", FLAT.thresholds(), new Balance.None(), before, false),
                new DataSet("from", FLAT.thresholds(), new Balance.None(), from, false),
                new DataSet("after", FLAT.thresholds(), new Balance.None(), after, false))) {
            filter.send(tweet("1", positive(0.8), photo(0, 1)));

            assertThat(filter.labelled()).extracting(LabelledImage::getDatasets).containsExactly(List.of("from"));
        }
    }

    @Test
    void keepsOneOfEachSameBytes() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.send(tweet("1", positive(0.8), photo(2, 1)));
            filter.send(tweet("2", negative(0.9), photo(0, 1)));

            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("1");
            assertThat(filter.rejections())
                    .extracting(Rejection::getReason, Rejection::getDetail)
                    .containsExactly(tuple("near-duplicate", "repeats 1/2, PDQ distance 0"));
        }
    }

    @Test
    void refusesAPhotoTwiceInOneTweet() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1), photo(1, 1), photo(2, 2)));

            assertThat(filter.labelled())
                    .extracting(labelled -> labelled.getImage().getIndex())
                    .containsExactly(0, 2);
            assertThat(filter.reasons()).containsExactly("near-duplicate");
        }
    }

    @Test
    void takesPhotosForTheSameUpToThirtyOneBits() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1)));
            filter.send(tweet("2", positive(0.8), alike(0, 1, 32, 100)));
            filter.send(tweet("3", positive(0.8), photo(0, 9)));
            filter.send(tweet("4", positive(0.8), alike(0, 9, 31, 100)));

            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("1", "2", "3");
            assertThat(filter.rejections())
                    .extracting(Rejection::getTweetId, Rejection::getDetail)
                    .containsExactly(tuple("4", "repeats 3/0, PDQ distance 31"));
        }
    }

    @Test
    void trustsPdqOnlyWhereBothPhotosHaveTheQuality() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1)));
            filter.send(tweet("2", positive(0.8), alike(0, 1, 0, 49)));
            filter.send(tweet("3", positive(0.8), alike(0, 1, 1, 50)));

            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("1", "2");
            assertThat(filter.rejections()).extracting(Rejection::getTweetId).containsExactly("3");
        }
    }

    @Test
    void isNotFooledByAnUnsureCopy() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.send(tweet("unsure", positive(0.6), photo(0, 1)));
            filter.send(tweet("sure", positive(0.8), photo(0, 1)));

            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("sure");
        }
    }

    @Test
    void refusesACopyOnlyWhereTheOriginalWasKept() {
        try (Filtering filter = new Filtering(state, FLAT, UNB)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1)));
            filter.send(tweet("2", positive(0.95), photo(0, 1)));
            filter.send(tweet("3", positive(0.95), photo(0, 1)));

            assertThat(filter.labelled())
                    .extracting(LabelledImage::getTweetId, LabelledImage::getDatasets)
                    .containsExactly(tuple("1", List.of("flat")), tuple("2", List.of("unb")));
            assertThat(filter.reasons()).containsExactly("near-duplicate");
        }
    }

    @Test
    void doesNotTakeARedeliveredPhotoForACopyOfItself() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1)));
            filter.send(tweet("1", positive(0.8), photo(0, 1)));

            assertThat(filter.labelled()).hasSize(1);
            assertThat(filter.rejections()).isEmpty();
        }
    }

    @Test
    void letsNoClassRunAheadByMoreThanTheSlack() {
        DataSet slack2 = new DataSet("s", FLAT.thresholds(), new Balance.Undersample(2), Set.of());
        try (Filtering filter = new Filtering(state, slack2)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1)));
            filter.send(tweet("2", positive(0.8), photo(0, 2)));
            filter.send(tweet("3", positive(0.8), photo(0, 3)));
            filter.send(tweet("4", negative(0.8), photo(0, 4)));
            filter.send(tweet("5", positive(0.8), photo(0, 5)));
            filter.send(tweet("6", neutral(0.8), photo(0, 6)));
            filter.send(tweet("7", positive(0.8), photo(0, 7)));

            assertThat(filter.labelled())
                    .extracting(LabelledImage::getTweetId)
                    .containsExactly("1", "2", "4", "6", "7");
            assertThat(filter.rejections())
                    .extracting(Rejection::getTweetId, Rejection::getReason)
                    .containsExactly(tuple("3", "over-represented"), tuple("5", "over-represented"));
        }
    }

    @Test
    void fillsUpTheClassThatADeletionMadeTheSmallest() {
        try (Filtering filter = new Filtering(state, BAL_FLAT)) {
            filter.send(tweet("1", negative(0.8), photo(0, 1)));
            filter.send(tweet("2", neutral(0.8), photo(0, 2)));
            filter.send(tweet("3", positive(0.8), photo(0, 3)));
            filter.delete("2");
            filter.send(tweet("4", positive(0.8), photo(0, 4)));
            filter.send(tweet("5", neutral(0.8), photo(0, 5)));
            filter.send(tweet("6", positive(0.8), photo(0, 6)));

            assertThat(filter.labelled())
                    .extracting(LabelledImage::getTweetId)
                    .containsExactly("1", "2", "3", "5", "6");
            assertThat(filter.reasons()).containsExactly("over-represented");
        }
    }

    @Test
    void rejectsForTheReasonThatCameFurthest() {
        try (Filtering filter = new Filtering(state, UNB, BAL_FLAT)) {
            filter.send(tweet("1", negative(0.8), photo(0, 1)));
            filter.send(tweet("2", negative(0.8), photo(0, 1)));
            filter.send(tweet("3", positive(0.8), photo(0, 3)));
            filter.send(tweet("4", positive(0.8), photo(0, 4)));
            // A copy of 3: only bal-flat is sure, and has it.
            filter.send(tweet("5", positive(0.8), photo(0, 3)));
            // Again a copy of 3: unb is sure and has no such photo.
            filter.send(tweet("6", positive(0.95), photo(0, 3)));

            assertThat(filter.rejections())
                    .extracting(Rejection::getTweetId, Rejection::getReason)
                    .containsExactly(
                            tuple("2", "near-duplicate"), tuple("4", "over-represented"), tuple("5", "near-duplicate"));
            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("1", "3", "6");
        }
    }

    @Test
    void countsAnOverRepresentedOriginalNotAsKept() {
        try (Filtering filter = new Filtering(state, BAL_FLAT)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1)));
            filter.send(tweet("2", positive(0.8), photo(0, 2)));
            filter.send(tweet("3", negative(0.8), photo(0, 2)));

            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("1", "3");
        }
    }

    @Test
    void keepsBenchmarkPhotosOutBeforeAskingTheTeacher() {
        NearDuplicates benchmarks = new NearDuplicates(31, 50);
        Image same = photo(0, 1);
        Image near = photo(0, 2);
        benchmarks.add(PhotoHash.of(same.getSha256(), same.getPdq(), 100), "b/1.jpg", 1);
        benchmarks.add(PhotoHash.of(near.getSha256(), near.getPdq(), 100), "b/2.jpg", 1);
        try (Filtering filter = new Filtering(state, benchmarks, FLAT)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1), photo(1, 3)));
            filter.send(tweet("2", positive(0.4), alike(0, 2, 20, 80)));

            assertThat(filter.rejections())
                    .extracting(
                            Rejection::getTweetId, Rejection::getImageIndex, Rejection::getReason, Rejection::getDetail)
                    .containsExactly(
                            tuple("1", 0, "benchmark-overlap", "b/1.jpg, PDQ distance 0"),
                            tuple("2", 0, "benchmark-overlap", "b/2.jpg, PDQ distance 20"));
            assertThat(filter.labelled())
                    .extracting(labelled -> labelled.getImage().getIndex())
                    .containsExactly(1);
        }
    }

    @Test
    void forgetsADeletedTweetAndPassesTheDeletionOn() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.send(tweet("1", positive(0.8), photo(0, 1)));
            filter.send(tweet("11", positive(0.8), photo(0, 2)));
            filter.passed();
            filter.delete("1");
            assertThat(filter.passed()).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("1".getBytes(StandardCharsets.UTF_8));
                assertThat(record.value()).isNull();
            });

            filter.send(tweet("2", positive(0.8), photo(0, 1)));
            filter.send(tweet("3", positive(0.8), photo(0, 2)));

            assertThat(filter.labelled()).extracting(LabelledImage::getTweetId).containsExactly("2");
        }
    }

    @Test
    void passesTheDeletionOfWhatItNeverKeptOnForTheReadersOfRelabellings() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.send(tweet("1", positive(0.4), photo(0, 1)));
            filter.delete("1");

            assertThat(filter.passed()).hasSize(1);
        }
    }

    @Test
    void endsAFeedOnEveryPartitionOnceItEndedOnEveryPartition() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            filter.end(new EndOfFeed("f", 0, 2));
            filter.end(new EndOfFeed("g", 1, 2));
            filter.end(new EndOfFeed("f", 0, 2));
            assertThat(filter.passed()).isEmpty();

            filter.end(new EndOfFeed("f", 1, 2));

            assertThat(filter.passed())
                    .extracting(record -> EndOfFeed.in(record.headers()).orElseThrow())
                    .containsExactly(new EndOfFeed("f", 0, 2), new EndOfFeed("f", 1, 2));
        }
    }

    @Test
    void buriesWhatIsNoEventWithItsReason() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            byte[] poison = {1, 2, 3};
            filter.send("k", poison);
            filter.send(tweet("1", positive(0.8), photo(0, 1)));

            assertThat(filter.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.key()).isEqualTo("k".getBytes(StandardCharsets.UTF_8));
                assertThat(letter.value()).isEqualTo(poison);
                assertThat(header(letter.headers(), DeadLetter.REASON)).isEqualTo("not decodable");
                assertThat(header(letter.headers(), DeadLetter.TOPIC)).isEqualTo("scored-tweets");
                assertThat(header(letter.headers(), DeadLetter.OFFSET)).isEqualTo("0");
            });
            assertThat(filter.labelled()).hasSize(1);
        }
    }

    @Test
    void buriesEventsThatMakeNoSense() {
        try (Filtering filter = new Filtering(state, FLAT)) {
            Image shortHash = Image.newBuilder(photo(0, 1))
                    .setPdq(ByteBuffer.wrap(new byte[31]))
                    .build();
            filter.send(tweet("1", positive(0.8), shortHash));
            filter.send(tweet("2", new Scores(Double.NaN, 0.0, 1.0), photo(0, 2)));
            filter.send("4", Filtering.bytes(tweet("3", positive(0.8), photo(0, 3))));

            assertThat(filter.deadLetters())
                    .extracting(letter -> header(letter.headers(), DeadLetter.REASON))
                    .containsExactly(
                            "photo 0: pdq has 31 bytes, not 32",
                            "a score is not a probability",
                            "the key is not the id of the tweet");
            assertThat(filter.labelled()).isEmpty();
            assertThat(filter.rejections()).isEmpty();
        }
    }

    /**
     * Whatever comes: each photo is labelled or rejected, once, and the classes of a balanced data set never differ by more than the slack.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void accountsForEveryPhotoOfAnyStream(long seed) {
        Random random = new Random(seed);
        DataSet balanced =
                new DataSet("b", FLAT.thresholds(), new Balance.Undersample(1 + random.nextInt(5)), Set.of());
        long slack = ((Balance.Undersample) balanced.balance()).slack();
        Map<String, Integer> fates = new HashMap<>();
        List<String> photos = new ArrayList<>();
        try (Filtering filter = new Filtering(state, FLAT, UNB, balanced)) {
            for (int i = 0; i < 300; i++) {
                Image[] images = new Image[1 + random.nextInt(3)];
                for (int index = 0; index < images.length; index++) {
                    long photo = random.nextInt(150);
                    images[index] =
                            random.nextBoolean() ? photo(index, photo) : alike(index, photo, random.nextInt(64), 100);
                    photos.add(i + "/" + index);
                }
                double probability = 0.5 + random.nextInt(5000) / 10_000.0;
                Scores scores =
                        switch (random.nextInt(5)) {
                            case 0 -> negative(probability);
                            case 1 -> neutral(probability);
                            default -> positive(probability);
                        };
                filter.send(tweet(Integer.toString(i), scores, images));

                filter.labelled()
                        .forEach(l ->
                                fates.merge(l.getTweetId() + "/" + l.getImage().getIndex(), 1, Integer::sum));
                filter.rejections()
                        .forEach(r -> fates.merge(r.getTweetId() + "/" + r.getImageIndex(), 1, Integer::sum));
                ClassCounts counts = filter.counts("b");
                assertThat(Math.max(counts.negative(), Math.max(counts.neutral(), counts.positive()))
                                - counts.smallest())
                        .isLessThanOrEqualTo(slack);
            }
        }

        assertThat(fates)
                .containsOnlyKeys(photos)
                .allSatisfy((photo, times) -> assertThat(times).isEqualTo(1));
    }

    /**
     * With deletions and redeliveries of kept tweets between: a photo is labelled at most once as long as its tweet lives, its
     * class and splits stay what they are, and what a deletion frees can be kept again, but never two copies at once.
     */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void keepsNoTwoCopiesWhateverIsDeletedAndRedelivered(long seed) {
        Random random = new Random(seed);
        Map<String, Long> keptPhoto = new HashMap<>();
        Map<String, ScoredTweet> sent = new HashMap<>();
        int labelled = 0;
        try (Filtering filter = new Filtering(state, FLAT)) {
            for (int i = 0; i < 400; i++) {
                String any = Integer.toString(random.nextInt(i + 1));
                switch (random.nextInt(10)) {
                    case 0 -> {
                        filter.delete(any);
                        keptPhoto.remove(any);
                        sent.remove(any);
                        assertThat(filter.passed()).hasSize(1);
                    }
                    case 1 -> {
                        if (keptPhoto.containsKey(any)) {
                            filter.send(Objects.requireNonNull(sent.get(any)));
                            assertThat(filter.passed()).isEmpty();
                            assertThat(filter.rejections()).isEmpty();
                        }
                    }
                    default -> {
                        long photo = random.nextInt(60);
                        String id = Integer.toString(i);
                        ScoredTweet tweet = tweet(id, positive(0.8), photo(0, photo));
                        sent.put(id, tweet);
                        boolean isCopy = keptPhoto.containsValue(photo);
                        filter.send(tweet);
                        List<LabelledImage> out = filter.labelled();
                        assertThat(out).hasSize(isCopy ? 0 : 1);
                        assertThat(filter.reasons()).hasSize(isCopy ? 1 : 0);
                        if (!isCopy) {
                            keptPhoto.put(id, photo);
                            labelled++;
                        }
                    }
                }
            }
        }
        assertThat(labelled).as("deletions freed some photos").isGreaterThan(60);
    }

    /** The operators, stores and topics by name: a change here needs a plan for what runs already. */
    @Test
    void looksAsItDidWhenItWasReleased() throws IOException {
        String described =
                Filtering.topology(new NearDuplicates(31, 50), FLAT).describe().toString();

        try (InputStream released = FilterTopologyTest.class.getResourceAsStream("/topology.txt")) {
            assertThat(described.strip())
                    .isEqualTo(new String(released.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    private static String header(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
