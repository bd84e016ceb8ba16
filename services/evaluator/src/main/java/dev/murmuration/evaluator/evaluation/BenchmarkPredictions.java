package dev.murmuration.evaluator.evaluation;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.measure.LabelledPrediction;
import dev.murmuration.evaluator.measure.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The predictions of a student for the photos of a benchmark.
 *
 * @param benchmark whose photos
 * @param predictions one per row of the index, in its order; empty where the photo is unreadable
 * @param odd the unreadable photos, in the order of the index
 */
public record BenchmarkPredictions(Benchmark benchmark, List<Optional<Prediction>> predictions, List<Odd> odd) {

    /**
     * A row whose photo could not be shown to the student. No figure includes it, and every report counts and names it.
     *
     * @param path as the index has it
     * @param problem for a person
     */
    public record Odd(String path, String problem) {}

    /** Label and prediction of every photo that was shown. */
    public List<LabelledPrediction> judged() {
        List<LabelledPrediction> judged = new ArrayList<>();
        for (int i = 0; i < predictions.size(); i++) {
            Benchmark.Photo photo = benchmark.photos().get(i);
            predictions.get(i).ifPresent(prediction -> judged.add(new LabelledPrediction(photo.label(), prediction)));
        }
        return judged;
    }
}
