package dev.murmuration.teacher.score;

import dev.murmuration.schemas.Scores;

/** Verdict of the teacher on one text. */
public sealed interface Verdict {

    /** Probabilities, rounded to 4 decimals. */
    record Scored(Scores scores) implements Verdict {}

    /** The model fails on this text only; {@code reason} is for the dead letter. */
    record Unscorable(String reason) implements Verdict {}
}
