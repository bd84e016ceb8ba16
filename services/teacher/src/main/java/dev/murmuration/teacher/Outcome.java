package dev.murmuration.teacher;

import dev.murmuration.schemas.EndOfFeed;
import dev.murmuration.schemas.ScoredTweet;

/** What becomes of one record of {@code tweets}. */
sealed interface Outcome {

    /** A tweet with its scores. */
    record Score(ScoredTweet tweet) implements Outcome {}

    /** A deletion, passed on. */
    record Delete() implements Outcome {}

    /** The feed ended on this partition, passed on. */
    record End(EndOfFeed marker) implements Outcome {}

    /** A dead letter, with its reason. */
    record Refuse(String reason) implements Outcome {}
}
