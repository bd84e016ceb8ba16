package dev.murmuration.evaluator;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkFolder;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.evaluation.BenchmarkRun;
import dev.murmuration.evaluator.evaluation.PixelCache;
import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.evaluator.model.Folders;
import dev.murmuration.evaluator.serve.BenchService;
import dev.murmuration.local.TestPlatform;
import dev.murmuration.programs.Torch;
import dev.murmuration.student.Precision;
import dev.murmuration.student.Student;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The evaluator's benchmark: {@code ./murmuration bench evaluator}. */
@Command(
        name = "bench evaluator",
        mixinStandardHelpOptions = true,
        description = {
            "Batch inference including decoding, against DJL's stock image translator on the same model, photos and process;",
            "then the service's POST /predict from 1 and from 32 clients. Weights are random: they change no time."
        })
public final class Bench implements Callable<Integer> {

    @Option(names = "--architecture", paramLabel = "NAME", description = "vit-b-32-224 by default.")
    private String architecture = "vit-b-32-224";

    @Option(names = "--precision", paramLabel = "PRECISION", description = "bf16 (default) or fp32.")
    private String precision = "bf16";

    @Option(
            names = "--photos",
            paramLabel = "FOLDER",
            description = "JPEGs; by default photos that are drawn, 1024 x 683.")
    private @Nullable Path photos;

    @Option(names = "--count", paramLabel = "N", description = "Photos of a round; 256 by default.")
    private int count = 256;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds after one to warm up, the median counts; 3 by default.")
    private int rounds = 3;

    @Option(names = "--batch", paramLabel = "N", description = "Photos shown at once; 32 by default.")
    private int batch = 32;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "Requests of each number of clients; 400 by default, 0: none.")
    private int requests = 400;

    /** Runs it. */
    public static void main(String... arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("murmuration-bench-");
        try {
            measure(folder);
        } finally {
            Folders.delete(folder);
        }
        return 0;
    }

    private void measure(Path folder) throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        Torch.threads(threads);
        Path model = folder.resolve("model");
        writeModel(model);
        Path benchmark = folder.resolve("photos");
        writePhotos(benchmark);
        Benchmark opened = Benchmark.open(new BenchmarkFolder(benchmark), LabelScheme.AUTO, BenchmarkLimits.DEFAULTS);
        List<byte[]> bytes = new ArrayList<>();
        for (Benchmark.Photo photo : opened.photos()) {
            bytes.add(Files.readAllBytes(benchmark.resolve(photo.path())));
        }
        System.out.printf(
                Locale.ROOT,
                "%s in %s on %d threads, %d photos of %d KB on average, batches of %d%n",
                architecture,
                precision,
                threads,
                bytes.size(),
                bytes.stream().mapToInt(each -> each.length).sum() / bytes.size() / 1024,
                batch);
        try (Student student = Student.load(model, Torch.device("cpu"), Precision.named(precision))) {
            inference(student, opened, bytes, threads);
        }
        if (requests > 0) {
            try (BenchService service = BenchService.start(model, precision, TestPlatform.settings())) {
                service.measure(bytes, 1, requests);
                service.measure(bytes, 32, requests);
            }
        }
    }

    private void inference(Student student, Benchmark benchmark, List<byte[]> bytes, int threads) throws Exception {
        StockTranslator stock = new StockTranslator(student);
        double[] ours = new double[rounds];
        double[] stocks = new double[rounds];
        double[] alone = new double[rounds];
        double[] ready = new double[rounds];
        double[] stocksReady = new double[rounds];
        List<float[]> pixels = new ArrayList<>();
        for (byte[] photo : bytes.subList(0, Math.min(batch, bytes.size()))) {
            pixels.add(student.pixels().of(student.pixels().squash(photo), false));
        }
        for (int round = -1; round < rounds; round++) {
            // In turns, so that whatever else the machine does meets all of them.
            long begun = System.nanoTime();
            List<Optional<Prediction>> predictions;
            try (BenchmarkRun examination =
                    new BenchmarkRun(BenchmarkLimits.DEFAULTS, new PixelCache(0), threads, batch)) {
                predictions = examination
                        .examine(student, benchmark, more -> {}, () -> false)
                        .predictions();
            }
            double our = rate(bytes, begun);
            begun = System.nanoTime();
            List<float[]> theirs = stock.predict(bytes, batch);
            double their = rate(bytes, begun);
            begun = System.nanoTime();
            for (int done = 0; done < bytes.size(); done += batch) {
                student.predict(pixels);
            }
            double only = rate(bytes, begun);
            begun = System.nanoTime();
            for (byte[] photo : bytes) {
                student.pixels().of(student.pixels().squash(photo), false);
            }
            double ourPixels = rate(bytes, begun);
            begun = System.nanoTime();
            stock.prepare(bytes);
            double theirPixels = rate(bytes, begun);
            if (round < 0) {
                System.out.printf(
                        Locale.ROOT,
                        "P(positive) of the two differs by %.4f on average (they resize differently)%n",
                        difference(predictions, theirs));
            } else {
                ours[round] = our;
                stocks[round] = their;
                alone[round] = only;
                ready[round] = ourPixels;
                stocksReady[round] = theirPixels;
            }
        }
        System.out.printf(Locale.ROOT, "%-58s %10s %8s%n", "batch inference, decoding included", "images/s", "ratio");
        row("DJL's ImageClassificationTranslator, batchPredict", median(stocks), median(stocks));
        row("evaluator", median(ours), median(stocks));
        row("(the model alone, pixels ready)", median(alone), median(stocks));
        System.out.printf(
                Locale.ROOT, "%-58s %10s %8s%n", "from JPEG to the student's pixels, one thread", "images/s", "ratio");
        row("DJL: fromInputStream, Resize, ToTensor, Normalize", median(stocksReady), median(stocksReady));
        row("evaluator: Pixels", median(ready), median(stocksReady));
    }

    private static void row(String what, double rate, double baseline) {
        System.out.printf(Locale.ROOT, "%-58s %10.1f %7.2fx%n", what, rate, rate / baseline);
    }

    private static double difference(List<Optional<Prediction>> ours, List<float[]> theirs) {
        double sum = 0;
        for (int i = 0; i < ours.size(); i++) {
            sum += Math.abs(ours.get(i).orElseThrow().positive() - theirs.get(i)[2]);
        }
        return sum / ours.size();
    }

    private static double rate(List<byte[]> photos, long begun) {
        return photos.size() / ((System.nanoTime() - begun) / 1e9);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Random weights of a usual size; norms pass everything on. */
    private void writeModel(Path folder) throws IOException {
        Architecture shape = Architecture.named(architecture);
        float[] weights = new float[shape.weightCount()];
        Random random = new Random(1);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (random.nextFloat() - .5f) * .07f;
        }
        shape.weights().stream()
                .filter(weight ->
                        weight.name().contains("layernorm") && weight.name().endsWith(".weight"))
                .forEach(weight -> Arrays.fill(weights, weight.offset(), weight.offset() + weight.length(), 1));
        StudentFolder.write(
                folder, shape, Pixels.symmetric(shape.side(), Resize.PILLOW_BILINEAR), FloatBuffer.wrap(weights));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void writePhotos(Path folder) throws IOException {
        Files.createDirectories(folder);
        StringBuilder index = new StringBuilder("path,class\n");
        List<Path> given = photos == null ? List.of() : files(photos);
        for (int i = 0; i < count; i++) {
            Path file = folder.resolve(i + ".jpg");
            if (given.isEmpty()) {
                ImageIO.write(drawn(i), "jpg", file.toFile());
            } else {
                Files.copy(given.get(i % given.size()), file);
            }
            index.append(i).append(".jpg,").append(i % 2).append('\n');
        }
        Files.writeString(folder.resolve("index.csv"), index);
    }

    /** A scene with edges, gradients and grain, so that its JPEG has the size of a photo's. */
    private static BufferedImage drawn(int seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(1024, 683, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, colour(random), 1024, 683, colour(random)));
        graphics.fillRect(0, 0, 1024, 683);
        for (int i = 0; i < 60; i++) {
            graphics.setColor(colour(random));
            graphics.fillOval(random.nextInt(1024), random.nextInt(683), random.nextInt(200), random.nextInt(200));
        }
        graphics.dispose();
        for (int y = 0; y < 683; y++) {
            for (int x = 0; x < 1024; x++) {
                int grain = random.nextInt(17) - 8;
                int rgb = image.getRGB(x, y);
                image.setRGB(
                        x, y, grained(rgb >> 16, grain) << 16 | grained(rgb >> 8, grain) << 8 | grained(rgb, grain));
            }
        }
        return image;
    }

    private static int grained(int value, int grain) {
        return Math.clamp((value & 0xff) + grain, 0, 255);
    }

    private static Color colour(Random random) {
        return new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256));
    }
}
