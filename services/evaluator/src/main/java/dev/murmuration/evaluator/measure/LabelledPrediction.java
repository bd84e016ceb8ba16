package dev.murmuration.evaluator.measure;

import dev.murmuration.schemas.Sentiment;

/**
 * The label and the prediction for a photo of a benchmark.
 *
 * @param truth the label of the index
 * @param prediction the student's
 */
public record LabelledPrediction(Sentiment truth, Prediction prediction) {}
