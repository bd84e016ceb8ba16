package dev.murmuration.trainer.run;

import static dev.murmuration.trainer.Bench.line;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What the rules of the filter and the kind of labels are worth: the demonstration student on data sets that the pipeline cut
 * from one simulated stream, measured on photos of scenes that the stream never shows, by the simulator's own truth. Every
 * student sees equally many samples, whatever the size of its data set.
 */
public final class Ablations {

    private static final Architecture STUDENT = Architecture.named("vit-demo-16-64");
    private static final Pixels PIXELS = Pixels.symmetric(STUDENT.side(), Resize.PILLOW_BILINEAR);
    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);
    private static final long SAMPLES = 16_000;
    private static final int BATCH = 64;
    private static final List<Variant> VARIANTS = List.of(
            new Variant("none", "soft", "removed", "all"),
            new Variant(".70 .70 .70", "soft", "removed", "flat"),
            new Variant(".90 .90 .70", "soft", "removed", "unb"),
            new Variant(".70 .70 .70", "hard", "removed", "flat"),
            new Variant(".70 .70 .70", "soft", "kept", "repeats"));

    private Ablations() {}

    private record Variant(String thresholds, String labels, String duplicates, String dataset) {

        Recipe recipe() {
            Recipe distil = Recipe.distil();
            return new Recipe(
                    distil.name(),
                    labels.equals("soft"),
                    distil.smoothing(),
                    distil.balanced(),
                    distil.temperature(),
                    distil.noise(),
                    distil.parts(),
                    distil.learningRate(),
                    distil.warmupSamples(),
                    distil.cosine(),
                    distil.headFirst(),
                    distil.headEpochs(),
                    distil.averageDecay(),
                    distil.optimizer());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Photo(float[] pixels, int truth) {}

    /**
     * Prints a table.
     *
     * @param folder {@code shards} and {@code benchmarks} of a run's object store
     */
    public static void run(Path folder) throws IOException {
        List<Photo> benchmark = benchmark(folder.resolve("benchmarks/simulated"));
        line(
                "%n%s, %,d samples seen, seeds %s, three-way accuracy on %d photos%n",
                STUDENT.name(), SAMPLES, SEEDS, benchmark.size());
        line(
                "%-14s %-7s %-11s %8s %10s %10s   %s",
                "thresholds", "labels", "duplicates", "photos", "mean", "deviation", "each");
        for (Variant variant : VARIANTS) {
            List<Sample> samples = samples(folder, variant.dataset());
            double[] accuracies = accuracies(variant, samples, benchmark);
            double mean = DoubleStream.of(accuracies).average().orElseThrow();
            double squares = DoubleStream.of(accuracies)
                    .map(a -> (a - mean) * (a - mean))
                    .sum();
            line(
                    "%-14s %-7s %-11s %,8d %9.2f%% %9.2f%%   %s",
                    variant.thresholds(),
                    variant.labels(),
                    variant.duplicates(),
                    samples.size(),
                    100 * mean,
                    100 * Math.sqrt(squares / (accuracies.length - 1)),
                    DoubleStream.of(accuracies).mapToObj("%.3f"::formatted).toList());
        }
    }

    // The students are small: one on each core, each on one thread as in a demo, so that it does not matter how many
    // cores there are.
    private static double[] accuracies(Variant variant, List<Sample> samples, List<Photo> benchmark) {
        try (ExecutorService cores =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<Double>> running = new ArrayList<>();
            for (long seed : SEEDS) {
                running.add(cores.submit(() -> accuracy(variant, seed, samples, benchmark)));
            }
            double[] accuracies = new double[running.size()];
            for (int i = 0; i < accuracies.length; i++) {
                accuracies[i] = running.get(i).get();
            }
            return accuracies;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double accuracy(Variant variant, long seed, List<Sample> samples, List<Photo> benchmark) {
        Torch.threads(1);
        Recipe recipe = variant.recipe();
        Plan plan = new Plan("ablation", variant.dataset(), STUDENT, PIXELS, recipe, seed, BATCH, 0, 1, 1, 0);
        long[] counts = new long[Architecture.CLASSES];
        samples.forEach(sample -> counts[sample.label()]++);
        try (Training training = Training.from(TrainingState.begin(STUDENT, seed), Device.cpu(), Precision.FP32, true);
                TrainingRun run = new TrainingRun(plan, training)) {
            for (int epoch = 0; run.samplesSeen() < SAMPLES; epoch++) {
                run.pass(samples, epoch, counts, epoch, SAMPLES, step -> step.samplesSeen() < SAMPLES);
            }
            long right = 0;
            for (int from = 0; from < benchmark.size(); from += BATCH) {
                List<Photo> part = benchmark.subList(from, Math.min(benchmark.size(), from + BATCH));
                float[][] answers =
                        training.predict(part.stream().map(Photo::pixels).toList());
                for (int i = 0; i < answers.length; i++) {
                    right += Validator.best(answers[i]) == part.get(i).truth() ? 1 : 0;
                }
            }
            return (double) right / benchmark.size();
        }
    }

    private static List<Sample> samples(Path store, String dataset) throws IOException {
        ShardDecoder tar = new ShardDecoder(PIXELS, PIXELS.side(), 1 << 24, 1 << 20);
        List<Sample> samples = new ArrayList<>();
        try (Stream<Path> files =
                Files.list(store.resolve("shards").resolve(dataset).resolve("train"))) {
            for (Path file : files.sorted().toList()) {
                ShardReference shard = new ShardReference(file.getFileName().toString(), "");
                samples.addAll(
                        tar.read(file, shard, index -> true, key -> false).samples());
            }
        }
        return samples;
    }

    private static List<Photo> benchmark(Path folder) throws IOException {
        List<Photo> photos = new ArrayList<>();
        for (String row :
                Files.readAllLines(folder.resolve("index.csv")).stream().skip(1).toList()) {
            String[] cells = row.split(",", -1);
            byte[] squashed = PIXELS.squash(Files.readAllBytes(folder.resolve(cells[0])), PIXELS.side());
            photos.add(new Photo(PIXELS.of(squashed, false), Integer.parseInt(cells[1])));
        }
        return photos;
    }
}
