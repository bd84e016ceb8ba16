package dev.murmuration.teacher.score;

import dev.murmuration.schemas.Scores;

/** What the teacher says of one text. */
public sealed interface Verdict {

    /** Probabilities, rounded to 4 decimals. */
    record Scored(Scores scores) implements Verdict {}

    /** The model gave no probabilities for this one text; {@code reason} is for the dead letter. */
    record Unscorable(String reason) implements Verdict {}
}
