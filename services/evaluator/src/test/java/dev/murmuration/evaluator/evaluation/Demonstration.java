package dev.murmuration.evaluator.evaluation;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.BenchmarkFolder;
import dev.murmuration.evaluator.benchmark.BenchmarkIndex;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.benchmark.LabelScheme;
import dev.murmuration.evaluator.command.Commands;
import dev.murmuration.evaluator.measure.Protocol;
import dev.murmuration.evaluator.model.Folders;
import dev.murmuration.programs.Torch;
import dev.murmuration.student.Noise;
import dev.murmuration.student.Optimizer;
import dev.murmuration.student.Precision;
import dev.murmuration.student.StudentFolder;
import dev.murmuration.student.Training;
import dev.murmuration.student.network.Architecture;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A full run on any labelled photos, and how the pictures in docs/pictures were made: a tiny student learns on four fifths of
 * them, and is measured and explained on the unseen rest. Arguments: the CSV ({@code path,class}), an output folder, and another
 * ViT than {@code vit-demo-8-64} if wanted.
 */
public final class Demonstration {

    private static final String SHAPE = "vit-demo-8-64";
    private static final int EPOCHS = 20;
    private static final int BATCH = 32;
    private static final int EVERY = 5;
    private static final int MAPPED = 4;

    private Demonstration() {}

    /** Runs it. */
    public static void main(String... arguments) throws Exception {
        Path csv = Path.of(arguments[0]).toAbsolutePath();
        Path output = Path.of(arguments[1]);
        Path seen = output.resolve("seen");
        Path unseen = output.resolve("unseen");
        split(csv, seen, unseen);
        Path model = output.resolve("model");
        Architecture shape = Architecture.named(arguments.length > 2 ? arguments[2] : SHAPE);
        train(seen, model, shape);
        run("evaluate", "-m", model, "-b", unseen + "/", "--labels", "three", "--predictions", output.resolve("p.csv"));
        run("contact-sheet", "-m", model, "-b", unseen + "/", "--labels", "three", "-o", output.resolve("sheet.png"));
        List<String> kinds = new ArrayList<>(List.of("occlusion", "window", "rollout"));
        if (shape.mean()) {
            kinds.add("patches");
        }
        for (String kind : kinds) {
            List<Object> line = new ArrayList<>(
                    List.of("sentiment-map", "-m", model, "--judge", "--kind", kind, "-o", output.resolve(kind)));
            line.addAll(some(unseen));
            run(line.toArray());
        }
    }

    private static void split(Path csv, Path seen, Path unseen) throws IOException, BenchmarkException {
        List<BenchmarkIndex.Row> rows = BenchmarkIndex.parse(
                        csv.toString(), Files.readAllBytes(csv), LabelScheme.THREE, 1_000_000)
                .rows();
        StringBuilder toSeen = new StringBuilder("path,class\n");
        StringBuilder toUnseen = new StringBuilder("path,class\n");
        for (int i = 0; i < rows.size(); i++) {
            boolean held = i % EVERY == 0;
            String path = rows.get(i).path();
            Path to = (held ? unseen : seen).resolve(path);
            Files.createDirectories(to.resolveSibling("."));
            Path from = csv.resolveSibling(path);
            if (Files.isRegularFile(from)) {
                Files.copy(from, to);
            }
            String line = path + "," + LabelScheme.number(rows.get(i).label()) + "\n";
            (held ? toUnseen : toSeen).append(line);
        }
        Files.writeString(seen.resolve(BenchmarkIndex.FILE), toSeen, StandardCharsets.UTF_8);
        Files.writeString(unseen.resolve(BenchmarkIndex.FILE), toUnseen, StandardCharsets.UTF_8);
    }

    private static void train(Path seen, Path model, Architecture shape) throws Exception {
        Pixels form = Pixels.symmetric(shape.side(), Resize.PILLOW_BILINEAR);
        Benchmark benchmark = Benchmark.open(new BenchmarkFolder(seen), LabelScheme.THREE, BenchmarkLimits.DEFAULTS);
        Path work = Files.createTempDirectory("murmuration-demonstration-");
        try (BenchmarkRun examination = new BenchmarkRun(BenchmarkLimits.DEFAULTS, new PixelCache(0), 2, BATCH);
                SquashedPhotos photos = SquashedPhotos.in(
                        work, form, writer -> examination.squash(form, benchmark, writer, more -> {}, () -> false));
                Training student = Training.begin(shape, Torch.device("cpu"), Precision.FP32, 1)) {
            Optimizer optimizer = new Optimizer(false, 1, .9, .999, 1e-8, .05, 1);
            List<Integer> rows = new ArrayList<>();
            for (int row = 0; row < benchmark.photos().size(); row++) {
                if (photos.has(row)) {
                    rows.add(row);
                }
            }
            long step = 0;
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                Collections.shuffle(rows, new Random(epoch));
                double loss = 0;
                for (int from = 0; from < rows.size(); from += BATCH) {
                    List<Integer> batch = rows.subList(from, Math.min(rows.size(), from + BATCH));
                    List<float[]> targets =
                            batch.stream().map(row -> target(benchmark, row)).toList();
                    loss += batch.size() * student.accumulate(photos.pixels(batch), targets, 1, 1, false, Noise.NONE);
                    student.update(optimizer, 1e-3, ++step, 0);
                }
                System.out.printf(Locale.ROOT, "epoch %d: loss %.4f%n", epoch + 1, loss / rows.size());
            }
            StudentFolder.write(model, shape, form, student.state().average());
        } finally {
            Folders.delete(work);
        }
    }

    private static float[] target(Benchmark benchmark, int row) {
        float[] target = new float[Architecture.CLASSES];
        target[Integer.parseInt(LabelScheme.number(benchmark.photos().get(row).label()))] = 1;
        return target;
    }

    /** The first photos that are negative or positive. */
    private static List<Path> some(Path unseen) throws BenchmarkException {
        return Benchmark.open(new BenchmarkFolder(unseen), LabelScheme.THREE, BenchmarkLimits.DEFAULTS)
                .photos()
                .stream()
                .filter(photo -> Protocol.ZERO_SHOT.asksFor(photo.label())
                        && photo.sha256().isPresent())
                .limit(MAPPED)
                .map(photo -> unseen.resolve(photo.path()))
                .toList();
    }

    private static void run(Object... arguments) {
        String[] line = new String[arguments.length];
        for (int i = 0; i < line.length; i++) {
            line[i] = arguments[i].toString();
        }
        System.out.println("$ ./murmuration " + String.join(" ", line));
        System.out.println("exit code " + Commands.run(line));
    }
}
