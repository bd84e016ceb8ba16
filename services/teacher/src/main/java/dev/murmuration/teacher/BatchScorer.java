package dev.murmuration.teacher;

import dev.murmuration.schemas.Decoded;
import dev.murmuration.schemas.Decoded.Ended;
import dev.murmuration.schemas.Decoded.Event;
import dev.murmuration.schemas.Decoded.Tombstone;
import dev.murmuration.schemas.Decoded.Undecodable;
import dev.murmuration.schemas.ScoredTweet;
import dev.murmuration.schemas.Teacher;
import dev.murmuration.schemas.Tweet;
import dev.murmuration.teacher.score.Scorer;
import dev.murmuration.teacher.score.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Decides the outcome of each record of a batch: all tweets are scored together, everything else keeps its place between them. */
final class BatchScorer {

    private final Scorer scorer;
    private final Teacher teacher;
    private final Clock clock;

    /**
     * @param scorer scores the texts
     * @param teacher identity of the model, for the events
     * @param clock time of the scores
     */
    BatchScorer(Scorer scorer, Teacher teacher, Clock clock) {
        this.scorer = scorer;
        this.teacher = teacher;
        this.clock = clock;
    }

    /**
     * One outcome per record, in the order of the records.
     *
     * @throws RuntimeException if the model fails for any text
     */
    List<Outcome> of(List<Decoded<Tweet>> batch) {
        List<String> texts = new ArrayList<>();
        for (Decoded<Tweet> decoded : batch) {
            if (decoded instanceof Event<Tweet>(Tweet tweet)) {
                texts.add(tweet.getText());
            }
        }
        Iterator<Verdict> verdicts = scorer.score(texts).iterator();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (Decoded<Tweet> decoded : batch) {
            outcomes.add(
                    switch (decoded) {
                        case Event<Tweet>(Tweet tweet) -> outcome(tweet, verdicts.next(), now);
                        case Tombstone<Tweet> deleted -> new Outcome.Deleted();
                        case Ended<Tweet>(var marker) -> new Outcome.FeedEnded(marker);
                        case Undecodable<Tweet>(String reason) -> new Outcome.DeadLettered(reason);
                    });
        }
        return outcomes;
    }

    private Outcome outcome(Tweet tweet, Verdict verdict, Instant now) {
        return switch (verdict) {
            case Verdict.Scored(var scores) -> new Outcome.Scored(new ScoredTweet(tweet, scores, teacher, now));
            case Verdict.Unscorable(String reason) -> new Outcome.DeadLettered(reason);
        };
    }
}
