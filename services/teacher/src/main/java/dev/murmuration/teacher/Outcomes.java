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

/** Decides what becomes of each record of a batch: all its tweets are scored together, everything else keeps its place between them. */
final class Outcomes {

    private final Scorer scorer;
    private final Teacher teacher;
    private final Clock clock;

    /**
     * @param scorer scores the texts
     * @param teacher who scored, for the events
     * @param clock when
     */
    Outcomes(Scorer scorer, Teacher teacher, Clock clock) {
        this.scorer = scorer;
        this.teacher = teacher;
        this.clock = clock;
    }

    /**
     * One outcome a record, in the order of the records.
     *
     * @throws RuntimeException if the model fails whatever the text
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
                        case Tombstone<Tweet> deleted -> new Outcome.Delete();
                        case Ended<Tweet>(var marker) -> new Outcome.End(marker);
                        case Undecodable<Tweet>(String reason) -> new Outcome.Refuse(reason);
                    });
        }
        return outcomes;
    }

    private Outcome outcome(Tweet tweet, Verdict verdict, Instant now) {
        return switch (verdict) {
            case Verdict.Scored(var scores) -> new Outcome.Score(new ScoredTweet(tweet, scores, teacher, now));
            case Verdict.Unscorable(String reason) -> new Outcome.Refuse(reason);
        };
    }
}
