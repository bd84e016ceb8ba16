package dev.murmuration.teacher;

import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.ScoredTweet;

/** Outcome of one record of {@code tweets}. */
sealed interface Outcome {

    /** A tweet with its scores. */
    record Scored(ScoredTweet tweet) implements Outcome {}

    /** A deletion, passed on. */
    record Deleted() implements Outcome {}

    /** The feed ended on this partition, passed on. */
    record FeedEnded(EndOfFeed marker) implements Outcome {}

    /** A dead letter, with its reason. */
    record DeadLettered(String reason) implements Outcome {}
}
