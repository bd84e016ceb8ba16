package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.Sentiment;

/**
 * One photo of a benchmark with what people and what the student say of it.
 *
 * @param truth the label of the index
 * @param prediction the student's
 */
public record LabelledPrediction(Sentiment truth, Prediction prediction) {}
