package dev.murmuration.filter;

import static dev.murmuration.filter.Tweets.flipped;
import static dev.murmuration.filter.Tweets.photo;
import static dev.murmuration.filter.Tweets.positive;
import static dev.murmuration.filter.Tweets.tweet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.murmuration.schemas.Rejection;
import dev.murmuration.schemas.ScoredTweet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class DeciderTest {

    private final MockProcessorContext<byte[], Step> context = new MockProcessorContext<>();

    DeciderTest() {
        for (String name : List.of(Decider.KEPT, Decider.COUNTS, Decider.ENDS)) {
            KeyValueStore<String, byte[]> store = Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();
            store.init(context.getStateStoreContext(), store);
        }
    }

    @Test
    void namesTheSameOriginalAfterARestart() {
        Decider before = decider(Tweets.preset("flat"));
        // Both near the third, but not near each other; the store has them the other way round.
        decide(before, 10, tweet("z", positive(0.8), flipped(0, 1, 16)));
        decide(before, 20, tweet("a", positive(0.8), flipped(0, 1, 64)));
        decide(before, 30, tweet("before", positive(0.8), photo(0, 1)));

        Decider after = decider(Tweets.preset("flat"));
        decide(after, 40, tweet("after", positive(0.8), photo(0, 1)));

        assertThat(rejections())
                .extracting(Rejection::getTweetId, Rejection::getDetail)
                .containsExactly(
                        tuple("before", "repeats a/0, PDQ distance 20"),
                        tuple("after", "repeats a/0, PDQ distance 20"));
    }

    @Test
    void forgetsWhatADataSetKeptThatIsConfiguredNoLonger() {
        decide(decider(Tweets.preset("flat")), 1, tweet("1", positive(0.95), photo(0, 1)));
        context.resetForwards();

        decide(decider(Tweets.preset("unb")), 2, tweet("2", positive(0.95), photo(0, 1)));

        assertThat(rejections()).isEmpty();
        assertThat(context.forwarded()).hasSize(1);
    }

    private Decider decider(DataSet dataSet) {
        Decider decider = new Decider(
                new DecisionRules(
                        new DataSets(List.of(dataSet)), new Splits(Splits.By.TWEET, 80, 10, 10), 31, 50, true),
                1,
                new FilterMetrics(new SimpleMeterRegistry()));
        decider.init(context);
        return decider;
    }

    private void decide(Decider decider, long offset, ScoredTweet tweet) {
        context.setRecordMetadata("candidates", 0, offset);
        decider.process(new Record<>(Filtering.utf8(tweet.getTweet().getId()), tweet, 0));
    }

    private List<Rejection> rejections() {
        return context.forwarded().stream()
                .map(forward -> forward.record().value())
                .filter(Step.Refused.class::isInstance)
                .map(step -> ((Step.Refused) step).rejection())
                .toList();
    }
}
