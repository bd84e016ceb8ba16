package dev.murmuration.teacher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.teacher.model.Bundled;
import dev.murmuration.teacher.model.Inference;
import dev.murmuration.teacher.model.ModelSources;
import dev.murmuration.teacher.score.LoadedModel;
import dev.murmuration.teacher.score.Scorer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchScorerTest {

    private static final Instant NOW = Instant.parse("2026-11-22T02:00:00.123Z");
    private static final Teacher TEACHER = new Teacher("a", "b");

    private final LoadedModel bundled =
            LoadedModel.load(Bundled.NGRAMS.setting(), ModelSources.forTools(), Inference.DEFAULT);
    private final BatchScorer outcomes = new BatchScorer(
            new Scorer(bundled.model(), 4096), TEACHER, Clock.fixed(NOW.plusNanos(456_789), ZoneOffset.UTC));

    @AfterEach
    void close() {
        bundled.close();
    }

    @Test
    void keepThePlaceOfEveryRecord() {
        Tweet sad = tweet("1", "I hate this, worst day ever :(");
        Tweet glad = tweet("2", "I love this, best day ever :)");
        EndOfFeed marker = new EndOfFeed("recorded", 0, 2);

        List<Outcome> found = outcomes.of(List.of(
                new Decoded.Undecodable<>("no event"),
                new Decoded.Event<>(sad),
                new Decoded.Tombstone<>(),
                new Decoded.Event<>(glad),
                new Decoded.Ended<>(marker)));

        assertThat(found).hasSize(5);
        assertThat(found.get(0)).isEqualTo(new Outcome.DeadLettered("no event"));
        assertThat(found.get(1)).isInstanceOfSatisfying(Outcome.Scored.class, score -> {
            assertThat(score.tweet().getTweet()).isEqualTo(sad);
            assertThat(score.tweet().getTeacher()).isEqualTo(TEACHER);
            assertThat(score.tweet().getScoredAt()).isEqualTo(NOW);
            assertThat(score.tweet().getScores().getNegative()).isGreaterThan(.7);
        });
        assertThat(found.get(2)).isEqualTo(new Outcome.Deleted());
        assertThat(found.get(3))
                .isInstanceOfSatisfying(
                        Outcome.Scored.class,
                        score -> assertThat(score.tweet().getScores().getPositive())
                                .isGreaterThan(.9));
        assertThat(found.get(4)).isEqualTo(new Outcome.FeedEnded(marker));
    }

    @Test
    void areNoneForNoRecords() {
        assertThat(outcomes.of(List.of())).isEmpty();
    }

    private static Tweet tweet(String id, String text) {
        return new Tweet(id, "recorded", "", "en", text, Instant.EPOCH, Instant.EPOCH, List.of(), "");
    }
}
