package dev.murmuration.evaluator.command;

import dev.murmuration.cluster.FileProblem;
import dev.murmuration.evaluator.benchmark.BenchmarkException;
import dev.murmuration.evaluator.benchmark.PhotoFiles;
import dev.murmuration.evaluator.map.Attention;
import dev.murmuration.evaluator.map.ContactSheet;
import dev.murmuration.evaluator.map.Explainer;
import dev.murmuration.evaluator.map.Faithfulness;
import dev.murmuration.evaluator.map.MapKind;
import dev.murmuration.evaluator.map.Npy;
import dev.murmuration.evaluator.map.Picture;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.stage.text.Printable;
import dev.murmuration.student.Student;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sentiment-map}: where in a picture a student sees what. */
@Command(
        name = "sentiment-map",
        description =
                "Draws where a student sees positive (green) and negative (red) in pictures: NAME.png, the raw grid as NAME.npy, and NAME-strip.png beside the photo with a legend; of several kinds NAME-KIND.png.",
        mixinStandardHelpOptions = true)
final class SentimentMapCommand implements Callable<Integer> {

    private static final int FINEST = 8;

    /** Side of a picture on the strip, in pixels. */
    private static final int TILE = 288;

    @Mixin
    private StudentOptions students = new StudentOptions();

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = StudentOptions.MODELS)
    private String model = "";

    @Parameters(
            arity = "1..*",
            paramLabel = "IMAGE",
            description = "Pictures (JPEG, PNG, GIF, WebP), or folders of such.")
    private List<Path> images = new ArrayList<>();

    @Option(
            names = "--kind",
            split = ",",
            paramLabel = "KIND",
            description =
                    "One or several of: occlusion (default): what each class loses where a patch is hidden. window: class probabilities of each window alone. rollout: attention."
                            + " patches: what the head says of each patch, of a vit-...-mean only."
                            + " convolution: the fully convolutional form of a vgg19, hybrid or caffenet, 8 x 8.")
    private List<String> kinds = List.of("occlusion");

    @Option(
            names = "--finer",
            paramLabel = "N",
            description = "Cells along each side of a patch, 1 (default) to 8; takes N * N times as long.")
    private int finer = 1;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where the maps go; sentiment-maps by default.")
    private Path output = Path.of("sentiment-maps");

    @Option(
            names = "--judge",
            description =
                    "Also measures how far each map can be believed: deletion and insertion AUC, beside those of a random map.")
    private boolean judge;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Exit code 1 where a picture could not be read: it is named on the standard error. */
    @Override
    public Integer call() throws IOException, UnusableStudentException, BenchmarkException {
        List<MapKind> wanted = kinds.stream()
                .map(kind -> MapKind.titled(kind)
                        .orElseThrow(() -> wrong("--kind %s is not one of %s".formatted(kind, MapKind.titles()))))
                .distinct()
                .toList();
        if (finer < 1 || finer > FINEST) {
            throw wrong("--finer %d is not from 1 to %d".formatted(finer, FINEST));
        }
        Map<String, Path> names = names(ImageArguments.of(images));
        CommandContext.requireWritable(spec, "--output", FileProblem.ofWritingIn(output));
        Files.createDirectories(output);
        boolean[] whole = {true};
        students.useFolder(model, folder -> {
            try (Student student = students.load(model, folder);
                    Attending attending = new Attending(folder)) {
                Explainer explainer = new Explainer(student, students.batch(), attending::get);
                for (Map.Entry<String, Path> each : names.entrySet()) {
                    whole[0] &= drawn(explainer, wanted, each.getKey(), each.getValue());
                }
            }
        });
        return whole[0] ? 0 : 1;
    }

    /** Each map by itself, and all of them beside the photo; false where the photo cannot be shown. */
    private boolean drawn(Explainer explainer, List<MapKind> wanted, String name, Path image) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<ContactSheet.Tile> tiles = new ArrayList<>();
        String heading = "";
        for (MapKind kind : wanted) {
            Explainer.Explained explained;
            try {
                explained = explainer.explain(PhotoFiles.read(image), kind, finer, judge);
            } catch (IOException e) {
                spec.commandLine().getErr().println(Printable.of(image + ": " + e.getMessage()));
                return false;
            }
            String file = wanted.size() == 1 ? name : name + "-" + kind.title();
            Files.write(output.resolve(file + ".png"), Picture.png(explained.overlay()));
            Files.write(output.resolve(file + ".npy"), Npy.of(explained.grid()));
            out.println(Printable.of("%s: %s, %s of %d x %d cells, %s"
                    .formatted(
                            image,
                            explained.verdict(),
                            kind.title(),
                            explained.grid().rows(),
                            explained.grid().columns(),
                            output.resolve(file + ".png"))));
            String judgedFor = explained.positive() ? "positive" : "negative";
            tell(out, "this map", judgedFor, explained.map());
            tell(out, "random map", judgedFor, explained.random());
            if (tiles.isEmpty()) {
                heading = "%s: %s".formatted(name, explained.verdict());
                tiles.add(new ContactSheet.Tile(explained.picture(), "the photo"));
            }
            tiles.add(new ContactSheet.Tile(explained.overlay(), "%s: %s".formatted(kind.title(), legend(kind))));
        }
        Path strip = output.resolve(name + "-strip.png");
        Files.write(
                strip,
                Picture.png(ContactSheet.draw(
                        new LinkedHashMap<>(Map.of(Printable.of(heading), tiles)), TILE, Math.max(2, tiles.size()))));
        out.println(Printable.of("  beside the photo, with a legend: " + strip));
        out.flush();
        return true;
    }

    private static String legend(MapKind kind) {
        return switch (kind) {
            case OCCLUSION -> "green speaks for positive, red for negative";
            case WINDOW, PATCHES, CONVOLUTION -> "green is P(positive), red P(negative)";
            case ROLLOUT -> "the brighter, the more is read";
        };
    }

    private static void tell(PrintWriter out, String what, String judgedFor, Optional<Faithfulness> figures) {
        figures.ifPresent(f -> out.printf(
                Locale.ROOT,
                "  %-10s  for %s: deletion AUC %.4f (lower is better), insertion AUC %.4f (higher is better)%n",
                what,
                judgedFor,
                f.deletion(),
                f.insertion()));
    }

    private Map<String, Path> names(List<Path> files) {
        Map<String, Path> names = new LinkedHashMap<>();
        Map<String, Path> taken = new HashMap<>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.\\w+$", "");
            Path other = taken.putIfAbsent(name, file);
            if (other != null) {
                throw wrong("%s and %s would have one map, %s.png".formatted(other, file, name));
            }
            names.put(name, file);
        }
        if (names.isEmpty()) {
            throw wrong("no pictures in " + images);
        }
        return names;
    }

    private ParameterException wrong(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    /** Attention is a second copy of the weights: only where a rollout is asked for. */
    private final class Attending implements AutoCloseable {
        private final Path folder;
        private Optional<Attention> loaded = Optional.empty();

        Attending(Path folder) {
            this.folder = folder;
        }

        Attention get() {
            if (loaded.isEmpty()) {
                try {
                    loaded = Optional.of(Attention.load(folder, students.device()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return loaded.get();
        }

        @Override
        public void close() {
            loaded.ifPresent(Attention::close);
        }
    }
}
