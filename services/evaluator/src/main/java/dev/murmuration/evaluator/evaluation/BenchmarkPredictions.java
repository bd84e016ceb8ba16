package dev.murmuration.evaluator.evaluation;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.measure.LabelledPrediction;
import dev.murmuration.evaluator.measure.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a student said of the photos of a benchmark.
 *
 * @param benchmark whose photos
 * @param predictions one for each row of the index, in its order; empty where the photo is odd
 * @param odd the photos that could not be shown, in the order of the index
 */
public record BenchmarkPredictions(Benchmark benchmark, List<Optional<Prediction>> predictions, List<Odd> odd) {

    /**
     * A row whose photo could not be shown to the student. It counts in no figure, and is named and counted wherever figures are.
     *
     * @param path as the index has it
     * @param problem for a person
     */
    public record Odd(String path, String problem) {}

    /** Truth and prediction of every photo that was shown. */
    public List<LabelledPrediction> judged() {
        List<LabelledPrediction> judged = new ArrayList<>();
        for (int i = 0; i < predictions.size(); i++) {
            Benchmark.Photo photo = benchmark.photos().get(i);
            predictions.get(i).ifPresent(prediction -> judged.add(new LabelledPrediction(photo.label(), prediction)));
        }
        return judged;
    }
}
