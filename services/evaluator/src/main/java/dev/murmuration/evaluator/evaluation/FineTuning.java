package dev.murmuration.evaluator.evaluation;

import ai.djl.Device;
import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.measure.LabelledPrediction;
import dev.murmuration.evaluator.measure.Metrics;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.schemas.Sentiment;
import dev.murmuration.student.Noise;
import dev.murmuration.student.Precision;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.student.network.Architecture;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Trains a student further on parts of a benchmark and tests it on the others, starting each time from the original weights, with the
 * trainer's own program.
 *
 * <p>The published mask [1, 1e-7, 1] on the probabilities needs no program of its own: softmax(z) times m, made to sum to 1, is
 * softmax(z + ln m), so ln m is added to the bias of neutral, from which loss, gradients and predictions follow exactly.
 */
public final class FineTuning {

    private static final int MASKED = 1;

    private final Device device;
    private final Precision precision;
    private final BenchmarkRun.Listener listener;
    private final BooleanSupplier stop;

    /**
     * Creates a run without training anything.
     *
     * @param listener hears how many photos more were trained on or tested
     * @param stop asked before each batch
     */
    public FineTuning(Device device, Precision precision, BenchmarkRun.Listener listener, BooleanSupplier stop) {
        this.device = device;
        this.precision = precision;
        this.listener = listener;
        this.stop = stop;
    }

    /**
     * The outcome of all folds of a protocol.
     *
     * @param trials the figures of each
     * @param judged all test photos of all trials
     */
    public record Outcome(List<Metrics> trials, List<LabelledPrediction> judged) {

        /** Mean accuracy of the folds. */
        public double mean() {
            return trials.stream().mapToDouble(Metrics::accuracy).average().orElseThrow();
        }

        /** Population standard deviation of the folds' accuracies, as published. */
        public double deviation() {
            double mean = mean();
            return Math.sqrt(trials.stream()
                    .mapToDouble(trial -> (trial.accuracy() - mean) * (trial.accuracy() - mean))
                    .average()
                    .orElseThrow());
        }
    }

    /**
     * Trains and tests every fold.
     *
     * @param model the student's folder
     * @param work a folder for temporary files; the caller's
     * @throws UnusableStudentException if it answers with anything but probabilities
     * @throws BenchmarkException if a trial has nothing left to train on or to test
     * @throws CancellationException when told to stop
     */
    public Outcome run(
            Path model,
            Path work,
            Benchmark benchmark,
            SquashedPhotos photos,
            Protocol protocol,
            FineTuningRecipe recipe)
            throws IOException, UnusableStudentException, BenchmarkException {
        TrainingState start = TrainingState.begin(masked(model, work, recipe.neutralMask()));
        List<Metrics> figures = new ArrayList<>();
        List<LabelledPrediction> all = new ArrayList<>();
        for (Fold trial : Fold.of(protocol, benchmark)) {
            List<Integer> training = shown(trial.training(), photos);
            List<Integer> testing = shown(trial.testing(), photos);
            if (training.isEmpty() || testing.isEmpty()) {
                throw new BenchmarkException(
                        benchmark.name(), "no photo can be shown to train on or to test in " + trial.name());
            }
            List<LabelledPrediction> judged;
            try (Training student = Training.from(start, device, precision, false)) {
                judged =
                        train(student, benchmark, photos, training, shown(trial.validation(), photos), testing, recipe);
            }
            figures.add(protocol.measure(judged).orElseThrow());
            all.addAll(judged);
        }
        return new Outcome(figures, all);
    }

    private List<LabelledPrediction> train(
            Training student,
            Benchmark benchmark,
            SquashedPhotos photos,
            List<Integer> training,
            List<Integer> validation,
            List<Integer> testing,
            FineTuningRecipe recipe)
            throws UnusableStudentException {
        Optional<List<LabelledPrediction>> best = Optional.empty();
        double bestAccuracy = -1;
        long step = 0;
        for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
            List<Integer> order = new ArrayList<>(training);
            Collections.shuffle(order, new Random(recipe.seed() + epoch));
            for (int from = 0; from < order.size(); from += recipe.batch()) {
                List<Integer> batch = order.subList(from, Math.min(order.size(), from + recipe.batch()));
                student.accumulate(
                        photos.pixels(batch),
                        batch.stream()
                                .map(row -> target(benchmark.photos().get(row).label()))
                                .toList(),
                        1,
                        1,
                        false,
                        Noise.NONE);
                student.update(recipe.optimizer(), recipe.learningRate(), ++step, 0);
                advanced(batch.size());
            }
            if (!validation.isEmpty()) {
                double accuracy = accuracy(judged(student, benchmark, photos, validation));
                if (accuracy > bestAccuracy) {
                    bestAccuracy = accuracy;
                    best = Optional.of(judged(student, benchmark, photos, testing));
                }
            }
        }
        return best.isPresent() ? best.get() : judged(student, benchmark, photos, testing);
    }

    private List<LabelledPrediction> judged(
            Training student, Benchmark benchmark, SquashedPhotos photos, List<Integer> rows)
            throws UnusableStudentException {
        int size = FineTuningRecipe.crossValidation().batch();
        List<LabelledPrediction> judged = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += size) {
            List<Integer> batch = rows.subList(from, Math.min(rows.size(), from + size));
            float[][] probabilities = student.predict(photos.pixels(batch));
            for (int i = 0; i < probabilities.length; i++) {
                judged.add(new LabelledPrediction(
                        benchmark.photos().get(batch.get(i)).label(), BenchmarkRun.prediction(probabilities[i])));
            }
            advanced(batch.size());
        }
        return judged;
    }

    private void advanced(int photos) {
        listener.advanced(photos);
        if (stop.getAsBoolean()) {
            throw new CancellationException("stopped");
        }
    }

    private static double accuracy(List<LabelledPrediction> judged) {
        return (double) judged.stream()
                        .filter(one -> one.prediction().withoutNeutral() == one.truth())
                        .count()
                / judged.size();
    }

    private static List<Integer> shown(List<Integer> rows, SquashedPhotos photos) {
        return rows.stream().filter(photos::has).toList();
    }

    private static float[] target(Sentiment label) {
        float[] target = new float[Architecture.CLASSES];
        target[Integer.parseInt(LabelScheme.number(label))] = 1;
        return target;
    }

    private static StudentFolder masked(Path model, Path work, double mask) throws IOException {
        StudentFolder student = StudentFolder.read(model);
        float[] weights = student.weights();
        // The vector ends with the biases of the classes.
        weights[weights.length - Architecture.CLASSES + MASKED] += (float) Math.log(mask);
        Path folder = work.resolve("masked");
        StudentFolder.write(folder, student.architecture(), student.pixels(), FloatBuffer.wrap(weights));
        return StudentFolder.read(folder);
    }
}
