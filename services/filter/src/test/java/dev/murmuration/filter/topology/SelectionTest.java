package dev.murmuration.filter.topology;

import static dev.murmuration.filter.topology.Tweets.photo;
import static dev.murmuration.filter.topology.Tweets.positive;
import static dev.murmuration.filter.topology.Tweets.tweet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.filter.dataset.ClassCounts;
import dev.murmuration.filter.dataset.Confidence;
import dev.murmuration.filter.dataset.DataSet;
import dev.murmuration.filter.dataset.DataSets;
import dev.murmuration.filter.dataset.DecisionRules;
import dev.murmuration.filter.dataset.Splits;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.filter.duplicate.PhotoHash;
import dev.murmuration.schemas.Image;
import dev.murmuration.schemas.ScoredTweet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final DataSet FLAT = Tweets.preset("flat");
    private static final DataSet BALANCED = Tweets.preset("bal");
    private static final ClassCounts ONE_POSITIVE = new ClassCounts(0, 0, 1);

    private final NearDuplicates before = new NearDuplicates(31, 50);

    @Test
    void acceptsAPhotoForEveryDataSetThatIsSureAndHasRoom() {
        assertThat(decide(0.95, Map.of())).isEqualTo(new Selection.Result.Accepted(List.of(FLAT, BALANCED)));
        assertThat(decide(0.8, Map.of())).isEqualTo(new Selection.Result.Accepted(List.of(FLAT)));
        assertThat(decide(0.95, Map.of("bal", ONE_POSITIVE))).isEqualTo(new Selection.Result.Accepted(List.of(FLAT)));
    }

    @Test
    void rejectsAPhotoThatNoDataSetIsSureOf() {
        assertThat(decide(0.7, Map.of()))
                .isEqualTo(new Selection.Result.Rejected(RejectionReason.UNSURE, "no data set takes it any more"));
    }

    @Test
    void rejectsAPhotoThatEveryDataSetHas() {
        before.add(hash(), "first/0", 0b11);

        assertThat(decide(0.95, Map.of()))
                .isEqualTo(new Selection.Result.Rejected(
                        RejectionReason.NEAR_DUPLICATE, "repeats first/0, PDQ distance 0"));
    }

    @Test
    void rejectsAPhotoOfAClassThatIsFullWhereItIsNew() {
        before.add(hash(), "first/0", 0b01);

        assertThat(decide(0.95, Map.of("bal", ONE_POSITIVE)))
                .isEqualTo(new Selection.Result.Rejected(
                        RejectionReason.OVER_REPRESENTED, "bal has enough positive photos"));
    }

    private Selection.Result decide(double probability, Map<String, ClassCounts> counts) {
        ScoredTweet scored = tweet("1", positive(probability), photo(0, 1));
        Selection selection = new Selection(new DecisionRules(
                new DataSets(List.of(FLAT, BALANCED)),
                new Splits(Splits.By.TWEET, 80, 10, 10),
                31,
                50,
                Optional.empty(),
                true));
        return selection.of(
                scored.getTweet(),
                Confidence.of(scored.getScores()),
                hash(),
                before,
                name -> counts.getOrDefault(name, ClassCounts.NONE));
    }

    private static PhotoHash hash() {
        Image image = photo(0, 1);
        return PhotoHash.of(image.getSha256(), image.getPdq(), image.getPdqQuality());
    }
}
