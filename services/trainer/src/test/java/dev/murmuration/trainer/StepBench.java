package dev.murmuration.trainer;

import static dev.murmuration.trainer.Bench.line;

import ai.djl.Device;
import dev.murmuration.programs.Torch;
import dev.murmuration.student.Noise;
import dev.murmuration.student.Optimizer;
import dev.murmuration.student.Precision;
import dev.murmuration.student.StagedBatch;
import dev.murmuration.student.Training;
import dev.murmuration.student.TrainingState;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.network.Network;
import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import dev.murmuration.trainer.data.Prefetcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Steps and their memory. */
public final class StepBench {

    private static final int BATCH = 16;
    private static final int BATCH_ON_GPU = 256;
    private static final int WARM_ON_GPU = 10;
    private static final int MEASURED_ON_GPU = 30;
    private static final int WARM = 3;
    private static final int MEASURED = 5;
    private static final Optimizer ADAMW = new Optimizer(false, 1e9, .9, .999, 1e-8, .05, 1);

    private StepBench() {}

    static void steps() {
        Device device = Torch.device("auto");
        int batch = device.isGpu() ? BATCH_ON_GPU : BATCH;
        line("%n%-16s %-28s %10s %10s %8s", "one step of " + batch + ", " + device, "", "ms", "images/s", "ratio");
        for (String name : List.of("vit-b-32-224", "vit-s-16-224")) {
            Architecture a = Architecture.named(name);
            float[] pixels = flat(images(a, batch));
            float[] targets = flat(targets(batch));
            try (BlocksVit blocks = new BlocksVit(a, device)) {
                IntConsumer baseline = step -> blocks.step(pixels, targets);
                steps(name, a, batch, device, Precision.FP32, baseline);
                if (device.isGpu() || quicker(a) == Precision.BF16) {
                    steps(name, a, batch, device, Precision.BF16, baseline);
                } else {
                    line("%-16s %s", name, "bf16 is slower than fp32 on this processor: not measured");
                }
            }
        }
    }

    private static void steps(
            String name, Architecture a, int batch, Device device, Precision precision, IntConsumer baseline) {
        String what = precision.name().toLowerCase(Locale.ROOT);
        try (Training atOnce = Training.from(TrainingState.begin(a, 1), device, precision, false);
                Training ahead = Training.from(TrainingState.begin(a, 1), device, precision, false);
                StepsAhead steps = new StepsAhead(ahead, batch)) {
            IntConsumer plain = stepping(atOnce, batch, ADAMW, Noise.NONE, 1, false, 0);
            double[] ms = device.isGpu() ? means(baseline, plain, steps) : medians(baseline, plain, steps);
            row(name, "DJL blocks, AdamW, fp32", batch, ms[0], ms[0]);
            row(name, "ours, " + what + ", one by one", batch, ms[1], ms[0]);
            row(name, "ours, " + what + ", as in a run", batch, ms[2], ms[0]);
        }
    }

    private static void row(String name, String what, int batch, double ms, double baseline) {
        line("%-16s %-28s %,10.1f %10.1f %8.2f", name, what, ms, batch * 1000 / ms, baseline / ms);
    }

    /** Steps as a run makes them: photos as bytes, sent while the step before is computed, and numbers read one step late. */
    private static final class StepsAhead implements IntConsumer, AutoCloseable {

        private final Training training;
        private final Prefetcher<StagedBatch> batches;
        private Training.@Nullable StepNumbers before;

        StepsAhead(Training training, int batch) {
            this.training = training;
            Architecture a = (Architecture) training.architecture();
            Random random = new Random(1);
            List<byte[]> photos = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                photos.add(new byte[a.pixels()]);
                random.nextBytes(photos.getLast());
            }
            BatchPixels bytes = new BatchPixels.Bytes(photos, Pixels.symmetric(a.side(), Resize.PILLOW_BILINEAR));
            List<float[]> targets = targets(batch);
            batches = new Prefetcher<>(0, Long.MAX_VALUE, number -> training.stage(bytes, targets, Noise.NONE));
        }

        @Override
        public void accept(int step) {
            try (StagedBatch batch = batches.next()) {
                training.queueGradient(batch, 1, 1, false);
            }
            Training.StepNumbers queued = training.queueUpdate(ADAMW, 1e-4, step, 0);
            if (before != null) {
                before.norm();
            }
            before = queued;
        }

        @Override
        public void close() {
            batches.close();
        }
    }

    // A GPU is still computing when a step returns, so that only many of them can be timed.
    private static double[] means(IntConsumer... steps) {
        double[] means = new double[steps.length];
        for (int kind = 0; kind < steps.length; kind++) {
            long begin = 0;
            for (int i = 1; i <= WARM_ON_GPU + MEASURED_ON_GPU; i++) {
                steps[kind].accept(i);
                begin = i == WARM_ON_GPU ? System.nanoTime() : begin;
            }
            means[kind] = (System.nanoTime() - begin) / 1e6 / MEASURED_ON_GPU;
        }
        return means;
    }

    public static IntConsumer plain(Training training) {
        return stepping(training, BATCH, ADAMW, Noise.NONE, 1, false, 0);
    }

    static void options() {
        Architecture a = Architecture.named("vit-b-32-224");
        Precision precision = quicker(a);
        line(
                "%n%-45s %10s %10s %8s",
                "options of vit-b-32-224, " + precision.name().toLowerCase(Locale.ROOT),
                "none, ms",
                "with, ms",
                "ratio");
        try (Training training = training(a, precision, false)) {
            IntConsumer none = plain(training);
            Optimizer clipped = new Optimizer(false, 1e-6, .9, .999, 1e-8, .05, 1);
            option("clipping by global norm", stepping(training, clipped, Noise.NONE, 1, false, 0), none);
            Optimizer layered = new Optimizer(false, 1e9, .9, .999, 1e-8, .05, .75);
            option("layer decay", stepping(training, layered, Noise.NONE, 1, false, 0), none);
            option("dropout .1", stepping(training, ADAMW, new Noise(.1, List.of()), 1, false, 0), none);
            Noise paths = Noise.drawn(a, BATCH, 0, .1, new SplittableRandom(1));
            option("stochastic depth .1", stepping(training, ADAMW, paths, 1, false, 0), none);
            option("accumulation, twice 8", stepping(training, ADAMW, Noise.NONE, 2, false, 0), none);
            Optimizer radam = new Optimizer(true, 1e9, .9, .999, 1e-8, 0, 1);
            option("RAdam", stepping(training, radam, Noise.NONE, 1, false, 0), none);
            option("head only", stepping(training, ADAMW, Noise.NONE, 1, true, 0), none);
            try (Training averaged = training(a, precision, true)) {
                option("moving average", stepping(averaged, ADAMW, Noise.NONE, 1, false, .999), none);
            }
            try (Training dense = training(Architecture.named("vit-b-32-224-dense32"), precision, false)) {
                option("published head", plain(dense), none);
            }
            try (Training mean = training(Architecture.named("vit-b-32-224-mean"), precision, false)) {
                option("mean of the patches", plain(mean), none);
            }
        }
    }

    /** The precision in which this machine is quicker: without AVX-512 bf16 or AMX, bf16 is many times slower than fp32. */
    public static Precision quicker(Network a) {
        return once(a, Precision.BF16) < once(a, Precision.FP32) ? Precision.BF16 : Precision.FP32;
    }

    private static double once(Network a, Precision precision) {
        List<float[]> pixels = images(a);
        List<float[]> targets = targets();
        try (Training training = training(a, precision, false)) {
            training.accumulate(pixels, targets, 1, 1, false);
            long begin = System.nanoTime();
            training.accumulate(pixels, targets, 1, 1, false);
            return System.nanoTime() - begin;
        }
    }

    private static void option(String name, IntConsumer step, IntConsumer none) {
        double[] ms = medians(none, step);
        line("%-45s %,10.0f %,10.0f %8.2f", name, ms[0], ms[1], ms[1] / ms[0]);
    }

    public static Training training(Network a, Precision precision, boolean averages) {
        return Training.from(TrainingState.begin(a, 1), Device.cpu(), precision, averages);
    }

    private static IntConsumer stepping(
            Training training, Optimizer optimizer, Noise noise, int parts, boolean headOnly, double averageDecay) {
        return stepping(training, BATCH, optimizer, noise, parts, headOnly, averageDecay);
    }

    private static IntConsumer stepping(
            Training training,
            int batch,
            Optimizer optimizer,
            Noise noise,
            int parts,
            boolean headOnly,
            double averageDecay) {
        List<float[]> pixels = images(training.architecture(), batch);
        List<float[]> targets = targets(batch);
        int part = batch / parts;
        return step -> {
            for (int from = 0; from < batch; from += part) {
                training.accumulate(
                        pixels.subList(from, from + part),
                        targets.subList(from, from + part),
                        1.0 / parts,
                        1,
                        headOnly,
                        noise);
            }
            training.update(optimizer, 1e-4, step, averageDecay);
        };
    }

    /** Milliseconds of each kind of step. They take turns: the pace of a shared machine drifts, and a ratio must not. */
    public static double[] medians(IntConsumer... steps) {
        double[][] times = new double[steps.length][MEASURED];
        for (int i = 1; i <= WARM + MEASURED; i++) {
            for (int kind = 0; kind < steps.length; kind++) {
                long begin = System.nanoTime();
                steps[kind].accept(i);
                if (i > WARM) {
                    times[kind][i - WARM - 1] = (System.nanoTime() - begin) / 1e6;
                }
            }
        }
        for (double[] ofKind : times) {
            Arrays.sort(ofKind);
        }
        return Arrays.stream(times).mapToDouble(ofKind -> ofKind[MEASURED / 2]).toArray();
    }

    static void memory() throws IOException {
        line("%n%-24s %8s %14s", "resident memory", "step", "MiB");
        resident(Architecture.named("vit-demo-16-64"), BATCH, 2000, 400);
        resident(Architecture.named("vit-b-32-224"), BATCH, 50, 10);
    }

    private static void resident(Architecture a, int batch, int steps, int every) throws IOException {
        List<float[]> pixels = new ArrayList<>();
        List<float[]> targets = new ArrayList<>();
        while (pixels.size() < batch) {
            pixels.addAll(images(a));
            targets.addAll(targets());
        }
        try (Training training = Training.from(TrainingState.begin(a, 1), Device.cpu(), Precision.FP32, false)) {
            for (int step = 1; step <= steps; step++) {
                training.accumulate(pixels, targets, 1, 1, false);
                training.update(ADAMW, 1e-4, step, 0);
                if (step % every == 0 || step == every / 5) {
                    line("%-24s %8d %,14d", a.name(), step, status("VmRSS") / 1024);
                }
            }
        }
        line("%-24s %8s %,14d", "peak of the process", "", status("VmHWM") / 1024);
    }

    private static long status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(text -> text.startsWith(field + ":"))
                .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    static List<float[]> images(Network a) {
        return images(a, BATCH);
    }

    private static List<float[]> images(Network a, int batch) {
        Random random = new Random(1);
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            float[] image = new float[a.pixels()];
            for (int k = 0; k < image.length; k++) {
                image[k] = random.nextFloat() * 2 - 1;
            }
            images.add(image);
        }
        return images;
    }

    static List<float[]> targets() {
        return targets(BATCH);
    }

    private static List<float[]> targets(int batch) {
        List<float[]> targets = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            float[] row = {.1f, .1f, .1f};
            row[i % row.length] = .8f;
            targets.add(row);
        }
        return targets;
    }

    private static float[] flat(List<float[]> rows) {
        int width = rows.getFirst().length;
        float[] flat = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, flat, i * width, width);
        }
        return flat;
    }
}
