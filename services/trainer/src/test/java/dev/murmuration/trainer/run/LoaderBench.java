package dev.murmuration.trainer.run;

import static dev.murmuration.trainer.Bench.line;

import dev.murmuration.programs.Torch;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Training;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.trainer.StepBench;
import dev.murmuration.trainer.data.Prefetcher;
import dev.murmuration.trainer.data.Sample;
import dev.murmuration.trainer.data.ShardDecoder;
import dev.murmuration.trainer.data.ShardReference;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import javax.imageio.ImageIO;

/** From a shard to the student. */
public final class LoaderBench {

    private static final int PHOTOS = 160;
    private static final int BATCH = 16;
    private static final ShardReference SHARD = new ShardReference("bench", "0");

    private LoaderBench() {}

    /** Decoding, squashing and normalising on one core. */
    public static void loader() throws IOException {
        line("%n%-62s %10s %8s", "on one core, photos of 512 by 384", "photos/s", "ratio");
        double learned = learnedOnOneThread();
        line("%-62s %,10.1f %8.2f", "ViT-B/32 learns, fp32", learned, 1.0);
        Path shard = shard();
        try {
            for (Resize resize : Resize.values()) {
                for (boolean crops : List.of(false, true)) {
                    Plan plan = plan("vit-b-32-224", resize, crops);
                    double read = rate(() -> {
                        try (ForkJoinPool one = new ForkJoinPool(1)) {
                            return one.submit(() -> read(shard, plan)).join();
                        }
                    });
                    List<Sample> samples = read(shard, plan);
                    double made = rate(() -> {
                        try (ForkJoinPool one = new ForkJoinPool(1)) {
                            return one.submit(() -> batches(plan, samples)).join();
                        }
                    });
                    String how = resize.label() + (crops ? ", crops" : ", mirrored");
                    line("%-62s %,10.0f", "  read from the tar, decoded, squashed to 224: " + how, read);
                    line("%-62s %,10.0f", "  made into batches: " + how, made);
                    double both = 1 / (1 / read + 1 / made);
                    line("%-62s %,10.0f %8.2f", "  both", both, both / learned);
                }
            }
        } finally {
            Files.delete(shard);
        }
    }

    private static double learnedOnOneThread() {
        int threads = Torch.threads();
        Torch.threads(1);
        try (Training training = StepBench.training(Architecture.named("vit-b-32-224"), Precision.FP32, false)) {
            return BATCH * 1000 / StepBench.medians(StepBench.plain(training))[0];
        } finally {
            Torch.threads(threads);
        }
    }

    /** The whole way, the next batch and shard being made meanwhile, against the same steps on batches that are there. */
    public static void endToEnd() throws IOException {
        line("%n%-62s %10s %8s", "end to end", "images/s", "ratio");
        Path shard = shard();
        try {
            Plan plan = plan("vit-b-32-224", Resize.PILLOW_BILINEAR, false);
            Precision precision = StepBench.quicker(plan.architecture());
            String name = "vit-b-32-224, " + precision.name().toLowerCase(Locale.ROOT);
            try (Training training = StepBench.training(plan.architecture(), precision, false);
                    TrainingRun run = new TrainingRun(plan, StepBench.training(plan.architecture(), precision, false));
                    Prefetcher<List<Sample>> prefetcher = new Prefetcher<>(0, 3, number -> read(shard, plan))) {
                run.pass(prefetcher.next().subList(0, 3 * BATCH), 0, new long[3], 0, 1 << 20, step -> true);
                // Before and after: the pace of a shared machine drifts.
                double before = StepBench.medians(StepBench.plain(training))[0];
                List<Sample> samples = prefetcher.next();
                long begin = System.nanoTime();
                long seen = run.samplesSeen();
                run.pass(samples, 1, new long[3], 0, 1 << 20, step -> true);
                double whole = (run.samplesSeen() - seen) * 1e9 / (System.nanoTime() - begin);
                double after = StepBench.medians(StepBench.plain(training))[0];
                double alone = BATCH * 2000 / (before + after);
                line("%-62s %10.1f %8.2f", name + ", the step alone", alone, 1.0);
                line("%-62s %10.1f %8.2f", name + ", from the shard", whole, whole / alone);
            }
        } finally {
            Files.delete(shard);
        }
    }

    public static Plan plan(String architecture, Resize resize, boolean crops) {
        Recipe distil = Recipe.distil();
        Recipe recipe = new Recipe(
                "distil",
                true,
                0,
                false,
                1,
                new Augmentation(true, crops ? .3 : 1, 0, 0, 0),
                1,
                1e-4,
                0,
                true,
                0,
                0,
                0,
                distil.optimizer());
        Architecture shape = Architecture.named(architecture);
        return new Plan(
                "bench", "flat", shape, Pixels.symmetric(shape.side(), resize), recipe, 1, BATCH, 0, 1, 1000, 0);
    }

    private static List<Sample> read(Path shard, Plan plan) {
        try {
            List<Sample> samples = new ShardDecoder(plan.pixels(), plan.keptSide(), 1 << 24, 1 << 20)
                    .read(shard, SHARD, i -> true, key -> false)
                    .samples();
            if (samples.size() != PHOTOS) {
                throw new IllegalStateException("%d of %d photos".formatted(samples.size(), PHOTOS));
            }
            return samples;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Batch> batches(Plan plan, List<Sample> samples) {
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < samples.size(); from += BATCH) {
            List<BatchSchedule.Item> picks = new ArrayList<>();
            for (int i = from; i < from + BATCH; i++) {
                picks.add(new BatchSchedule.Item(i, i % 2 == 0));
            }
            batches.add(Batch.of(plan, from, picks, samples, new long[] {1, 1, 1}));
        }
        return batches;
    }

    private interface Run {
        List<?> once();
    }

    private static double rate(Run run) {
        double best = 0;
        for (int i = 0; i < 4; i++) {
            long begin = System.nanoTime();
            run.once();
            best = Math.max(best, PHOTOS * 1e9 / (System.nanoTime() - begin));
        }
        return best;
    }

    private static Path shard() throws IOException {
        List<String> names = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        byte[] text =
                "{\"scores\":{\"negative\":0.1,\"neutral\":0.2,\"positive\":0.7}}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < PHOTOS; i++) {
            String key = "%016x-0".formatted(i);
            names.addAll(List.of(key + ".jpg", key + ".json", key + ".cls"));
            contents.addAll(List.of(photo(i), text, "2".getBytes(StandardCharsets.US_ASCII)));
        }
        return Files.write(Files.createTempFile("bench-", ".tar"), DrawnSamples.tar(names, contents));
    }

    // About 50 KB, as photos of that size have.
    private static byte[] photo(int seed) throws IOException {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(512, 384, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < 900; i++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            graphics.fillOval(random.nextInt(512), random.nextInt(384), random.nextInt(40), random.nextInt(40));
        }
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", bytes);
        return bytes.toByteArray();
    }
}
