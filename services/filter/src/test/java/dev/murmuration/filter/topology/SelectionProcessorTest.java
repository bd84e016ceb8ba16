package dev.murmuration.filter.topology;

import static dev.murmuration.filter.topology.Tweets.flipped;
import static dev.murmuration.filter.topology.Tweets.photo;
import static dev.murmuration.filter.topology.Tweets.positive;
import static dev.murmuration.filter.topology.Tweets.tweet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.DataSets;
import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.dataset.Splits;
import dev.murmuration.schemas.LabelledImage;
import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Tweet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class SelectionProcessorTest {

    private final MockProcessorContext<byte[], ProcessorOutput> context = new MockProcessorContext<>();

    SelectionProcessorTest() {
        for (String name : List.of(SelectionProcessor.KEPT, SelectionProcessor.COUNTS, SelectionProcessor.ENDS)) {
            KeyValueStore<String, byte[]> store = Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();
            store.init(context.getStateStoreContext(), store);
        }
    }

    @Test
    void namesTheSameOriginalAfterARestart() {
        SelectionProcessor before = decider(Tweets.preset("flat"));
        // Both near the third, but not near each other; the store has them the other way round.
        decide(before, 10, tweet("z", positive(0.8), flipped(0, 1, 16)));
        decide(before, 20, tweet("a", positive(0.8), flipped(0, 1, 64)));
        decide(before, 30, tweet("before", positive(0.8), photo(0, 1)));

        SelectionProcessor after = decider(Tweets.preset("flat"));
        decide(after, 40, tweet("after", positive(0.8), photo(0, 1)));

        assertThat(rejections())
                .extracting(Rejection::getTweetId, Rejection::getDetail)
                .containsExactly(
                        tuple("before", "repeats z/0, PDQ distance 20"),
                        tuple("after", "repeats z/0, PDQ distance 20"));
    }

    @Test
    void forgetsWhatADataSetKeptThatIsConfiguredNoLonger() {
        decide(decider(Tweets.preset("flat")), 1, tweet("1", positive(0.95), photo(0, 1)));
        context.resetForwards();

        decide(decider(Tweets.preset("unb")), 2, tweet("2", positive(0.95), photo(0, 1)));

        assertThat(rejections()).isEmpty();
        assertThat(context.forwarded()).hasSize(1);
    }

    @Test
    void repeatsAPhotoWhereADataSetKeepsNearDuplicates() {
        DataSet flat = Tweets.preset("flat");
        DataSet all = new DataSet("all", flat.thresholds(), flat.balance(), flat.origin(), true);
        SelectionProcessor decider = decider(new DataSets(List.of(flat, all)), Optional.empty());
        decide(decider, 1, tweet("1", positive(0.8), photo(0, 1)));
        decide(decider, 2, tweet("same", positive(0.8), photo(0, 1)));
        decide(decider, 3, tweet("near", positive(0.8), flipped(0, 1, 16)));
        decide(decider, 3, tweet("near", positive(0.8), flipped(0, 1, 16)));

        assertThat(labelled())
                .extracting(LabelledImage::getTweetId, LabelledImage::getDatasets)
                .containsExactly(
                        tuple("1", List.of("flat", "all")),
                        tuple("same", List.of("all")),
                        tuple("near", List.of("all")));
        assertThat(rejections()).isEmpty();
    }

    @Test
    void letsAPhotoBeRepeatedOnceItsAgeIsPastTheLimit() {
        SelectionProcessor decider = decider(Tweets.preset("flat"), Optional.of(Duration.ofDays(30)));
        decide(decider, 1, tweetAt("1", 0, 1));
        decide(decider, 2, tweetAt("exactly-thirty-days", 30 * DAY, 1));
        decide(decider, 3, tweetAt("a-moment-more", 30 * DAY + 1, 1));

        assertThat(rejections()).extracting(Rejection::getTweetId).containsExactly("exactly-thirty-days");
        assertThat(kept()).containsExactly("a-moment-more/0");
    }

    @Test
    void forgetsTheSameAfterARestart() {
        Optional<Duration> month = Optional.of(Duration.ofDays(30));
        SelectionProcessor before = decider(Tweets.preset("flat"), month);
        decide(before, 1, tweetAt("1", 0, 1));
        decide(before, 2, tweetAt("2", 10 * DAY, 2));

        SelectionProcessor after = decider(Tweets.preset("flat"), month);
        decide(after, 3, tweetAt("3", 35 * DAY, 1));
        decide(after, 4, tweetAt("4", 35 * DAY, 2));

        assertThat(rejections())
                .extracting(Rejection::getTweetId, Rejection::getDetail)
                .containsExactly(tuple("4", "repeats 2/0, PDQ distance 0"));
        assertThat(kept()).containsExactlyInAnyOrder("2/0", "3/0");
    }

    @Test
    void knowsWhatItKeptAfterForgettingThousands() {
        SelectionProcessor decider = decider(Tweets.preset("flat"), Optional.of(Duration.ofDays(30)));
        for (int i = 0; i < 5_000; i++) {
            decide(decider, i, tweetAt("old " + i, 0, i));
        }
        decide(decider, 5_000, tweetAt("young", 20 * DAY, 5_000));
        decide(decider, 5_001, tweetAt("after", 31 * DAY, 5_001));
        context.resetForwards();

        decide(decider, 5_002, tweetAt("young", 20 * DAY, 5_000));
        decide(decider, 5_003, tweetAt("old 1", 31 * DAY, 1));

        assertThat(kept()).containsExactlyInAnyOrder("young/0", "after/0", "old 1/0");
        assertThat(rejections()).isEmpty();
        assertThat(context.forwarded()).hasSize(1);
    }

    @Test
    void believesNoTweetFromTheFuture() {
        SelectionProcessor decider = decider(Tweets.preset("flat"), Optional.of(Duration.ofDays(30)));
        decide(decider, 1, tweetAt("1", 0, 1));
        ScoredTweet liar = tweetAt("liar", 4000 * DAY, 2);
        context.setRecordMetadata("candidates", 0, 2);
        decider.process(new Record<>(
                Filtering.utf8("liar"),
                Filtering.bytes(liar),
                Tweets.CREATED.plus(Duration.ofDays(1)).toEpochMilli()));
        decide(decider, 3, tweetAt("3", DAY, 1));

        assertThat(rejections()).extracting(Rejection::getTweetId).containsExactly("3");
    }

    private static final long DAY = Duration.ofDays(1).toMillis();

    private static ScoredTweet tweetAt(String id, long millisLater, long seed) {
        ScoredTweet scored = tweet(id, positive(0.8), photo(0, seed));
        return ScoredTweet.newBuilder(scored)
                .setTweet(Tweet.newBuilder(scored.getTweet())
                        .setCreatedAt(Tweets.CREATED.plusMillis(millisLater))
                        .build())
                .build();
    }

    private List<String> kept() {
        List<String> ids = new ArrayList<>();
        try (var all = context.<KeyValueStore<String, byte[]>>getStateStore(SelectionProcessor.KEPT)
                .all()) {
            all.forEachRemaining(entry -> ids.add(entry.key));
        }
        return ids;
    }

    private SelectionProcessor decider(DataSet dataSet) {
        return decider(dataSet, Optional.empty());
    }

    private SelectionProcessor decider(DataSet dataSet, Optional<Duration> age) {
        return decider(new DataSets(List.of(dataSet)), age);
    }

    private SelectionProcessor decider(DataSets dataSets, Optional<Duration> age) {
        SelectionProcessor decider = new SelectionProcessor(
                Filtering.WIRE,
                new DecisionRules(dataSets, new Splits(Splits.By.TWEET, 80, 10, 10), 31, 50, age, true),
                1,
                new FilterMetrics(new SimpleMeterRegistry()));
        decider.init(context);
        return decider;
    }

    private void decide(SelectionProcessor decider, long offset, ScoredTweet tweet) {
        context.setRecordMetadata("candidates", 0, offset);
        decider.process(new Record<>(
                Filtering.utf8(tweet.getTweet().getId()),
                Filtering.bytes(tweet),
                tweet.getTweet().getCreatedAt().toEpochMilli()));
    }

    private List<LabelledImage> labelled() {
        return context.forwarded().stream()
                .map(forward -> forward.record().value())
                .filter(step -> step.to() == ProcessorOutput.To.LABELLED_IMAGES)
                .map(step -> Filtering.labelled(Objects.requireNonNull(step.value())))
                .toList();
    }

    private List<Rejection> rejections() {
        return context.forwarded().stream()
                .map(forward -> forward.record().value())
                .filter(step -> step.to() == ProcessorOutput.To.REJECTIONS)
                .map(step -> Filtering.rejection(Objects.requireNonNull(step.value())))
                .toList();
    }
}
